/** What must hold at any time. */
export interface Invariant {
  /** Its statement is `verify.<name>`. */
  readonly name: string;
  /** What to do where it does not hold. */
  readonly cure: string;
}

const recount =
  "Abort the run and retry it: a retry counts everything of the run anew. Keep these lines for a bug report.";
const numberAgain =
  "Pause the run and resume it: a resume numbers what is ready. If it stays, abort the run and retry it. Keep these lines for a bug report.";
const endAgain =
  "Retry the run, or delete it if its results are not needed. Keep these lines for a bug report.";
const runAgain =
  "Do not rely on what this run made: start it anew. Keep these lines, and the run, for a bug report.";
const report =
  "Nothing is lost by it now; keep these lines, and the run, for a bug report. Deleting the run removes it.";

/** Every invariant, in the order in which they are checked. What each means is in its statement and in docs/verify.md. */
export const invariants: readonly Invariant[] = [
  { name: "stages_count_their_steps", cure: recount },
  { name: "runs_count_what_is_open", cure: recount },
  { name: "gates_count_their_steps", cure: recount },
  { name: "pending_steps_count_what_they_wait_for", cure: recount },
  { name: "pending_steps_can_still_run", cure: "Retry the step that it waits for, or abort the run." },
  { name: "what_ran_had_its_dependencies", cure: runAgain },
  { name: "no_step_starts_before_its_dependencies", cure: runAgain },
  { name: "one_flow_call_at_a_time", cure: runAgain },
  { name: "flow_calls_never_overlap", cure: runAgain },
  { name: "claimable_rows_are_of_open_runs", cure: report },
  { name: "ready_steps_are_claimable", cure: numberAgain },
  { name: "stages_keep_to_their_max_parallel", cure: numberAgain },
  { name: "open_stages_have_something_that_moves_them", cure: numberAgain },
  { name: "open_runs_have_something_that_moves_them", cure: numberAgain },
  { name: "finished_runs_have_nothing_open", cure: endAgain },
  { name: "completed_runs_have_no_open_failure", cure: endAgain },
  { name: "runs_that_did_not_complete_say_why", cure: report },
  { name: "runs_remember_their_stages", cure: recount },
  { name: "stages_end_as_their_steps_did", cure: endAgain },
  { name: "run_status_fits_its_word", cure: recount },
  {
    name: "running_steps_have_an_owner",
    cure: "Look at GET /workers: a live worker gives back what a lost one held. If there is one, restart it, and abort the run if the row stays.",
  },
  { name: "steps_tell_of_their_last_attempt", cure: report },
  { name: "attempts_on_record_are_earlier_ones", cure: report },
  { name: "attempts_on_record_have_ended", cure: report },
  { name: "retries_stay_within_their_limits", cure: report },
  { name: "superseded_rows_are_history", cure: endAgain },
  { name: "events_are_numbered_without_gaps", cure: report },
  { name: "only_legal_moves_happen", cure: runAgain },
  { name: "the_stream_ends_where_the_rows_are", cure: report },
  {
    name: "rows_have_their_parents",
    cure: "Rows that something deleted by hand left behind: delete them too. If nobody did, keep these lines for a bug report.",
  },
  {
    name: "rows_are_whole",
    cure: "Something deleted a part by hand, or a restore was not complete: delete the run, or restore again.",
  },
];

import type { Run } from "@maxq/core";
import type { Violation } from "@maxq/db";

type Runs = Readonly<Record<"done" | "failed" | "open" | "waiting", Run>>;

/** A fault that no verb makes. */
interface Plant {
  readonly sql: (runs: Runs) => readonly string[];
  /** Which row must be found. */
  readonly about: (runs: Runs) => Partial<Violation>;
}

function inRun(run: keyof Runs, ...sql: readonly string[]): Plant {
  return about(run, { noun: "run" }, ...sql);
}

/** A fault of this row of a run; `RUN` in the statements is the run's id as a literal. */
function about(run: keyof Runs, row: Partial<Violation>, ...sql: readonly string[]): Plant {
  return {
    sql: (runs) => sql.map((text) => text.replaceAll("RUN", `'${runs[run].id}'`)),
    about: (runs) => ({ runId: runs[run].id, ...row }),
  };
}

const step = (id: string): Partial<Violation> => ({ noun: "step", id });
const stage: Partial<Violation> = { noun: "stage", id: "s" };
const stepOf = (id: string): string => `run_id = RUN and id = '${id}'`;
const keyOf = (id: string): string => `(select key from step where ${stepOf(id)})`;
const tell = (...changes: readonly object[]): string =>
  `insert into event (run_id, no, at, body) select RUN, max(no) + 1, 0, '${JSON.stringify(changes)}' from event where run_id = RUN`;
const runs = (type: "step" | "flow", id: string): object => ({ type, data: { id, status: "running" } });
const unnumbered = "update step set claim_no = null where run_id = RUN and kind = 'step'";
const aCall = (id: string): string =>
  `insert into step (run_id, kind, id, name, sequence, status, priority, claim_no, deps_remaining, max_retries, created_at)
   values (RUN, 'flow', '${id}', '', 7, 'pending', 0, 1000, 0, 0, 0)`;
const anAttempt = (id: string, attempt: number, ended: boolean): string =>
  `insert into attempt (step_key, attempt, status, completed_at) values (${keyOf(id)}, ${attempt}, 'failed', ${ended ? "1" : "null"})`;

/** One for each invariant, by its name. In all runs of the scene, f waits for e, and b for both a. */
export const planted: Readonly<Record<string, Plant>> = {
  stages_count_their_steps: about("open", stage, "update stage set open_steps = 4 where run_id = RUN"),
  runs_count_what_is_open: inRun("open", "update run set active = 2 where id = RUN"),
  gates_count_their_steps: about(
    "open",
    { noun: "gate" },
    "update gate set remaining = 1 where stage_key in (select key from stage where run_id = RUN)",
  ),
  pending_steps_count_what_they_wait_for: about(
    "open",
    step("s.b"),
    `update step set deps_remaining = 2 where ${stepOf("s.b")}`,
  ),
  pending_steps_can_still_run: about(
    "waiting",
    step("f"),
    `update step set status = 'cancelled', completed_at = 1, claim_no = null where ${stepOf("e")}`,
  ),
  what_ran_had_its_dependencies: about(
    "done",
    step("f"),
    `update step set status = 'pending', completed_at = null where ${stepOf("e")}`,
  ),
  no_step_starts_before_its_dependencies: about(
    "done",
    step("e"),
    `insert into step_edge (from_key, to_key) values (${keyOf("f")}, ${keyOf("e")})`,
  ),
  one_flow_call_at_a_time: about("open", { noun: "run", id: "flow" }, aCall("flow:8"), aCall("flow:9")),
  flow_calls_never_overlap: about(
    "open",
    { noun: "flow", id: "flow:9" },
    tell(runs("flow", "flow:8"), runs("flow", "flow:9")),
  ),
  claimable_rows_are_of_open_runs: about(
    "done",
    step("e"),
    `update step set due_at = 1 where ${stepOf("e")}`,
  ),
  ready_steps_are_claimable: about(
    "waiting",
    step("e"),
    `update step set claim_no = null where ${stepOf("e")}`,
  ),
  stages_keep_to_their_max_parallel: about(
    "waiting",
    stage,
    "update stage set max_parallel = 2 where run_id = RUN",
  ),
  open_stages_have_something_that_moves_them: about("waiting", stage, unnumbered),
  open_runs_have_something_that_moves_them: inRun("waiting", unnumbered),
  finished_runs_have_nothing_open: inRun(
    "done",
    `update step set status = 'pending', completed_at = null where ${stepOf("e")}`,
  ),
  completed_runs_have_no_open_failure: about(
    "done",
    stage,
    "update stage set status = 'failed' where run_id = RUN",
  ),
  runs_that_did_not_complete_say_why: inRun(
    "failed",
    "update run_detail set error = null where run_id = RUN",
  ),
  runs_remember_their_stages: inRun("done", "update run set completed_stage = null where id = RUN"),
  stages_end_as_their_steps_did: about(
    "failed",
    stage,
    "update stage set status = 'completed' where run_id = RUN",
  ),
  run_status_fits_its_word: inRun("open", "update run set status = 'paused' where id = RUN"),
  running_steps_have_an_owner: about(
    "open",
    step("e"),
    `update step set worker_key = 1000000 where ${stepOf("e")}`,
  ),
  steps_tell_of_their_last_attempt: about(
    "waiting",
    step("e"),
    `update step set claimed_at = 1 where ${stepOf("e")}`,
  ),
  attempts_on_record_are_earlier_ones: about("done", step("e"), anAttempt("e", 1, true)),
  attempts_on_record_have_ended: about("done", step("e"), anAttempt("e", 0, false)),
  retries_stay_within_their_limits: about(
    "done",
    step("e"),
    `update step set failures = 1 where ${stepOf("e")}`,
  ),
  superseded_rows_are_history: about(
    "waiting",
    step("e"),
    `update step set superseded = 1 where ${stepOf("e")}`,
  ),
  events_are_numbered_without_gaps: inRun("done", "delete from event where run_id = RUN and no = 2"),
  only_legal_moves_happen: about("done", step("e"), tell(runs("step", "e"))),
  the_stream_ends_where_the_rows_are: about(
    "done",
    step("e"),
    `update step set status = 'failed' where ${stepOf("e")}`,
  ),
  rows_have_their_parents: about(
    "done",
    { noun: "step_edge", runId: null },
    `delete from step where ${stepOf("e")}`,
  ),
  rows_are_whole: about(
    "done",
    { noun: "flow", id: "flow:1" },
    `delete from flow_call where step_key = ${keyOf("flow:1")}`,
  ),
};

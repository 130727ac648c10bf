import { problem, type ControlWord, type Json, type Problem, type RunStatus } from "@maxq/core";
import type { Tx } from "../../driver.js";
import type { EndedRun } from "../../store/work.js";
import { recordChanges, runChange, stageChange, stepChange, type Change } from "../events.js";

/**
 * A run whose row this transaction has locked: the mutex of everything below it. Verbs change the fields and `saveRun` writes them once.
 */
export interface OpenRun {
  readonly id: string;
  readonly flowName: string;
  readonly priority: number;
  status: RunStatus;
  control: ControlWord | null;
  /** Claimed or running processes. */
  active: number;
  openStages: number;
  /** Flow calls that are pending or running. */
  openCalls: number;
  /** Flow calls ever made. */
  calls: number;
  /** A final stage was scheduled and has not failed. */
  finalStage: boolean;
  finalCompleted: boolean;
  /** Retries of the whole run or of a step of it: numbers what they supersede. */
  retries: number;
  completedStage: string | null;
  /** The failed stage that nobody has handled yet. */
  failedStage: string | null;
  /** The last claim number given to a row of this run. */
  lastNo: number;
  startedAt: number | null;
  deadlineAt: number | null;
  readonly timeoutMs: number | null;
  /** Undefined: unchanged. */
  error?: Problem | null;
  output?: Json;
  terminationReason?: string | null;
  readonly changes: Change[];
  /** How it came to its end in this transaction; null: it did not. */
  ended: EndedRun["status"] | null;
  /** It has steps, or calls, that became claimable in this transaction. */
  hasNewSteps: boolean;
  hasNewCalls: boolean;
  /** As it was locked, for those columns whose change costs entries in indexes. */
  readonly was: Pick<OpenRun, "status" | "control" | "deadlineAt">;
}

type Row = Omit<
  OpenRun,
  "finalStage" | "finalCompleted" | "changes" | "ended" | "hasNewSteps" | "hasNewCalls" | "was"
> & {
  finalStage: boolean | number;
  finalCompleted: boolean | number;
};

/** Locks runs in the order of their ids. Missing ones are left out. */
export async function lockRuns(tx: Tx, runIds: readonly string[]): Promise<Map<string, OpenRun>> {
  const ids = [...new Set(runIds)].sort();
  const rows = ids.length === 0 ? [] : await tx.all<Row>("run.lock", { runIds: ids });
  return new Map(
    rows.map((row) => [
      row.id,
      {
        ...row,
        finalStage: Boolean(row.finalStage),
        finalCompleted: Boolean(row.finalCompleted),
        changes: [],
        ended: null,
        hasNewSteps: false,
        hasNewCalls: false,
        was: { status: row.status, control: row.control, deadlineAt: row.deadlineAt },
      },
    ]),
  );
}

/** Locks one run; null if there is none. */
export async function lockRun(tx: Tx, runId: string): Promise<OpenRun | null> {
  return (await lockRuns(tx, [runId])).get(runId) ?? null;
}

/** Final: only a retry changes it again. */
export function isOver(status: RunStatus): boolean {
  return status === "completed" || status === "failed" || status === "aborted";
}

/** Whether a word stands on the run that ends it: an abort, a failed call, its deadline. */
export function isEnding({ control }: Pick<OpenRun, "control">): boolean {
  return control === "abort" || control === "fail";
}

/** Marks the run as running if it is the first time that something of it is claimed, or if it completes before that. */
export function noteStarted(run: OpenRun): void {
  if (run.status !== "pending") return;
  run.status = "running";
  run.changes.push(runChange({ status: "running" }));
}

/** Ends the run if nothing can move it any more, then writes it with its changes, as one row of its stream. Call it last. */
export async function saveRun(tx: Tx, run: OpenRun): Promise<void> {
  await endIfDone(tx, run);
  await saveRow(tx, run);
  if (run.error !== undefined)
    await tx.run("run.set_error", {
      runId: run.id,
      error: run.error === null ? null : JSON.stringify(run.error),
    });
  if (run.output !== undefined)
    await tx.run("run.set_output", { runId: run.id, output: JSON.stringify(run.output) });
  if (run.terminationReason !== undefined)
    await tx.run("run.set_termination", { runId: run.id, terminationReason: run.terminationReason });
  await recordChanges(tx, run.id, run.changes);
  if ((run.hasNewSteps || run.hasNewCalls) && run.control === null) tx.wake({ reason: "work" });
}

/** Status, word and deadline are in indexes: they are written only where one of them has changed. */
async function saveRow(tx: Tx, run: OpenRun): Promise<void> {
  const { status, control, deadlineAt, was } = run;
  const counts = {
    runId: run.id,
    active: run.active,
    openStages: run.openStages,
    openCalls: run.openCalls,
    calls: run.calls,
    finalStage: run.finalStage,
    finalCompleted: run.finalCompleted,
    retries: run.retries,
    completedStage: run.completedStage,
    failedStage: run.failedStage,
    lastNo: run.lastNo,
  };
  if (status === was.status && control === was.control && deadlineAt === was.deadlineAt)
    await tx.run("run.save_counts", counts);
  else {
    const started = status === "running" || status === "completed";
    const state = { status, control, deadlineAt, over: isOver(status), started };
    await tx.run("run.save", { ...counts, ...state });
  }
}

async function endIfDone(tx: Tx, run: OpenRun): Promise<void> {
  if (isOver(run.status) || run.active > 0) return;
  if (run.control === null) {
    if (run.openStages > 0 || run.openCalls > 0) return;
    // A client may end a run by a final stage without steps before its first call is claimed.
    noteStarted(run);
    end(run, run.failedStage === null ? "completed" : "failed");
    return;
  }
  if (run.control === "pause") return;
  // A word that ends the run: nothing pending may be left. One transaction takes a thousand: the sweep that follows takes the rest.
  await cancelPending(tx, run);
  const [left] = await tx.all<{ count: number }>("run.count_open_steps", { runId: run.id });
  if ((left?.count ?? 0) > 0) return;
  for (const stage of await tx.all<{ name: string }>("stage.abort_open", { runId: run.id }))
    run.changes.push(stageChange(stage.name, "aborted"));
  run.openStages = 0;
  run.openCalls = 0;
  end(run, run.control === "abort" ? "aborted" : "failed");
}

function end(run: OpenRun, status: EndedRun["status"]): void {
  run.status = status;
  run.control = null;
  run.deadlineAt = null;
  run.ended = status;
  run.changes.push(runChange({ status }));
}

/** Rows that one transaction of a sweep takes at most. */
export const sweepRows = 1000;

/** Cancels pending steps and calls of a run that is ending, at most `sweepRows`; answers how many. */
export async function cancelPending(tx: Tx, run: OpenRun): Promise<number> {
  const error =
    run.control === "abort"
      ? problem("RUN_ABORTED", "cancelled because the run was aborted")
      : problem("DEPENDENCY_FAILED", "cancelled because the run failed");
  const rows = await tx.all<{ id: string; kind: "step" | "flow"; attempt: number }>("step.cancel_pending", {
    runId: run.id,
    limit: sweepRows,
    error: JSON.stringify(error),
  });
  for (const row of rows) run.changes.push(stepChange(row, "cancelled", row.attempt));
  return rows.length;
}

/** Gives the run its error, and why it ended. Keeps the first one: later ones change nothing. */
export async function setFirstError(
  tx: Tx,
  run: OpenRun,
  error: Problem,
  terminationReason: string,
): Promise<void> {
  if (run.error === undefined) {
    const [row] = await tx.all<{ error: string | null }>("run.get_error", { runId: run.id });
    if (row?.error != null) return;
  } else if (run.error !== null) return;
  run.error = error;
  run.terminationReason = terminationReason;
}

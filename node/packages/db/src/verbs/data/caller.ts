import type { Statements, Tx } from "../../driver.js";
import type { AttemptRef } from "../../store/refs.js";
import type { Scheduler } from "../stage/store-plan.js";

interface StateRow {
  readonly runId: string;
  readonly status: string;
  readonly attempt: number;
}

/** Is this attempt still running, and in which run? Null if there is no such attempt. */
export async function attemptState(
  statements: Statements,
  caller: AttemptRef,
): Promise<{ readonly runId: string; readonly live: boolean } | null> {
  const [row] = await statements.all<StateRow>("read.attempt_state", { key: caller.key });
  if (row === undefined || caller.attempt < 1 || caller.attempt > row.attempt) return null;
  return { runId: row.runId, live: isLive(row, row.runId, caller) };
}

/**
 * May this caller write to the run? A key (null) always, an attempt while it runs. The transaction holds the run's row,
 * so no outcome of the attempt is recorded before it ends.
 */
export async function mayWrite(tx: Tx, runId: string, caller: AttemptRef | null): Promise<boolean> {
  if (caller === null) return true;
  const state = await attemptState(tx, caller);
  return state !== null && state.live && state.runId === runId;
}

/** Is the attempt that speaks still running, in this run, whose row the transaction holds? And does it clean up after a failure? A key (null) does not. */
export async function readCaller(
  tx: Tx,
  runId: string,
  caller: AttemptRef | null,
): Promise<{ readonly reason: "over" } | ({ readonly reason: "ok" } & Scheduler)> {
  if (caller === null) return { reason: "ok", afterFailure: false, scheduledBy: null };
  const { key, attempt } = caller;
  const [row] = await tx.all<{ afterFailure: boolean | number; scheduledBy: number | null }>("step.caller", {
    runId,
    key,
    attempt,
  });
  if (row === undefined) return { reason: "over" };
  return { reason: "ok", afterFailure: Boolean(row.afterFailure), scheduledBy: row.scheduledBy };
}

/** Whether a step's row says that this attempt, of this run, is running. */
export function isLive(row: StateRow, runId: string, caller: AttemptRef): boolean {
  return row.runId === runId && row.status === "running" && row.attempt === caller.attempt;
}

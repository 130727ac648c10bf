import type { Statements, Tx } from "../../driver.js";
import type { ClaimedTask, ExchangeRequest } from "../../store/work.js";
import { stageChange, stepChange } from "../events.js";
import { lockRuns, noteStarted, type OpenRun } from "../run/open-run.js";

/** A task as the database answers it. */
export interface TaskRow extends Omit<ClaimedTask, "env"> {
  readonly env: string;
  readonly stageStatus: string | null;
}

/** A row that can be claimed, as the task that it becomes. */
interface Candidate extends TaskRow {
  readonly claimNo: number;
}

/**
 * Claims what is claimable, by priority and then claim number: the general way, where one process at a time writes.
 * The first `freeSteps` steps count as started, as do all calls; what is claimed ahead is marked later.
 * `runs` are those that the transaction has locked already; those of what is claimed come to them. None of them may have a word that is not saved.
 */
export async function claimTasks(
  tx: Tx,
  request: ExchangeRequest,
  runs: Map<string, OpenRun>,
): Promise<ClaimedTask[]> {
  const { workerKey, round } = request;
  const room = { step: request.freeSteps + request.aheadSteps, flow: request.freeCalls };
  const all = [...runs.values()];
  const look = {
    step: room.step > 0 && (request.lookForSteps || all.some((run) => run.hasNewSteps)),
    flow: room.flow > 0 && (request.lookForCalls || all.some((run) => run.hasNewCalls)),
  };
  if (!look.step && !look.flow) return [];
  if ((await tx.all("claim.worker", { workerKey, round })).length === 0) return [];
  const candidates = (kind: "step" | "flow"): Promise<Candidate[]> | Candidate[] =>
    look[kind] ? tx.all<Candidate>("claim.candidates", { kind, limit: room[kind] }) : [];
  const steps = await candidates("step");
  const calls = await candidates("flow");
  // What became claimable is claimed, if there was room: nobody else need look for it.
  if (steps.length < room.step) for (const run of all) run.hasNewSteps = false;
  if (calls.length < room.flow) for (const run of all) run.hasNewCalls = false;
  const taken = [...calls, ...steps];
  if (taken.length === 0) return [];
  const started = [...calls, ...steps.slice(0, request.freeSteps)].map((row) => row.key);
  await tx.run("claim.take", { workerKey, keys: taken.map((row) => row.key), started });
  await tx.run("claim.note_no", { workerKey, no: Math.max(...taken.map((row) => row.claimNo)) });
  const others = taken.map((row) => row.runId).filter((runId) => !runs.has(runId));
  for (const [runId, run] of await lockRuns(tx, others)) runs.set(runId, run);
  await startStages(tx, runs, taken);
  for (const row of taken) {
    const run = runs.get(row.runId)!;
    run.active += 1;
    noteStarted(run);
    run.changes.push(stepChange(row, "running", row.attempt));
  }
  return taken.map(toTask);
}

/** The first claim of a stage starts it. */
async function startStages(tx: Tx, runs: Map<string, OpenRun>, rows: readonly TaskRow[]): Promise<void> {
  const pending = rows.filter((row) => row.stageStatus === "pending");
  const stageKeys = [...new Set(pending.map((row) => row.stageKey!))];
  if (stageKeys.length === 0) return;
  await tx.run("stage.start", { stageKeys });
  for (const key of stageKeys) {
    const row = pending.find((candidate) => candidate.stageKey === key)!;
    runs.get(row.runId)!.changes.push(stageChange(row.stageName, "running"));
  }
}

/** What a worker must know of tasks that it owns, in the order in which they should start. */
export async function describeTasks(statements: Statements, keys: readonly number[]): Promise<ClaimedTask[]> {
  if (keys.length === 0) return [];
  const rows = await statements.all<TaskRow>("claim.describe", { keys });
  const order = new Map(keys.map((key, index) => [key, index]));
  return rows.sort((a, b) => order.get(a.key)! - order.get(b.key)!).map(toTask);
}

/** A row as it comes from the database, as a task. */
export function toTask(row: TaskRow): ClaimedTask {
  return { ...row, env: JSON.parse(row.env) as Record<string, string> };
}

import type { Statements, Tx } from "../../driver.js";
import type { ClaimedTask, ExchangeRequest } from "../../store/work.js";
import { stageChange, stepChange } from "../events.js";
import { lockRuns, noteStarted, saveRun, type OpenRun } from "../run/open-run.js";

interface Candidate {
  readonly key: number;
  readonly kind: "step" | "flow";
  readonly runId: string;
  readonly claimNo: number;
}

/** A task as the database answers it. */
export interface TaskRow extends Omit<ClaimedTask, "env"> {
  readonly env: string;
  readonly stageStatus: string | null;
}

/**
 * Claims what is claimable, by priority and then claim number: the general way, where one process at a time writes.
 * The first `freeSteps` steps count as started, as do all calls; what is claimed ahead is marked later.
 */
export async function claimTasks(tx: Tx, request: ExchangeRequest): Promise<ClaimedTask[]> {
  const steps = await candidates(tx, request, "step", request.freeSteps + request.aheadSteps);
  const calls = await candidates(tx, request, "flow", request.freeCalls);
  const taken = [...calls, ...steps];
  if (taken.length === 0) return [];
  const started = [...calls, ...steps.slice(0, request.freeSteps)].map((row) => row.key);
  await tx.run("claim.take", { workerKey: request.workerKey, keys: taken.map((row) => row.key), started });
  await tx.run("claim.note_no", {
    workerKey: request.workerKey,
    no: Math.max(...taken.map((row) => row.claimNo)),
  });
  const runs = await lockRuns(
    tx,
    taken.map((row) => row.runId),
  );
  const rows = await describeRows(
    tx,
    taken.map((row) => row.key),
  );
  await startStages(tx, runs, rows);
  for (const row of rows) {
    const run = runs.get(row.runId)!;
    run.active += 1;
    noteStarted(run);
    run.changes.push(stepChange(row, "running", row.attempt));
  }
  for (const run of runs.values()) await saveRun(tx, run);
  return rows.map(toTask);
}

async function candidates(
  tx: Tx,
  { workerKey, round }: ExchangeRequest,
  kind: "step" | "flow",
  limit: number,
): Promise<Candidate[]> {
  return limit <= 0 ? [] : tx.all<Candidate>("claim.candidates", { workerKey, round, kind, limit });
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
  return (await describeRows(statements, keys)).map(toTask);
}

async function describeRows(statements: Statements, keys: readonly number[]): Promise<TaskRow[]> {
  if (keys.length === 0) return [];
  const rows = await statements.all<TaskRow>("claim.describe", { keys });
  const order = new Map(keys.map((key, index) => [key, index]));
  return rows.sort((a, b) => order.get(a.key)! - order.get(b.key)!);
}

/** A row as it comes from the database, as a task. */
export function toTask(row: TaskRow): ClaimedTask {
  return { ...row, env: JSON.parse(row.env) as Record<string, string> };
}

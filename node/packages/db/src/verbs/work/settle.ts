import type { Tx } from "../../driver.js";
import type { EndedRun, Outcome, RunControl } from "../../store/work.js";
import { lockRuns, saveRun, type OpenRun } from "../run/open-run.js";
import { writeLine } from "../log-line.js";
import { endStage, type OpenStage } from "../stage/end.js";
import { settleCall } from "./settle-call.js";
import { settleFailure } from "./settle-failure.js";
import { completeSteps } from "./complete-steps.js";
import { admitReady } from "./release-dependents.js";

/** What came of recording outcomes. */
export interface Settled {
  /** Keys that changed nothing, because the attempt was no longer this worker's. */
  readonly stale: number[];
  readonly failing: number[];
  readonly ended: EndedRun[];
  readonly controls: RunControl[];
}

/** A running step or call whose end is being recorded; its row is this worker's. */
export interface EndedStep {
  readonly key: number;
  readonly id: string;
  readonly kind: "step" | "flow";
  readonly stageKey: number | null;
  readonly gateKey: number | null;
  readonly priority: number;
  readonly attempt: number;
  readonly failures: number;
  readonly losses: number;
  readonly maxRetries: number;
  readonly retryDelayMs: number;
  readonly retryBackoff: "fixed" | "exponential";
  readonly onLost: "retry" | "fail";
  readonly allowFailure: boolean | number;
  readonly startedAt: number | null;
}

/**
 * Records outcomes with everything that follows from them: retries, freed dependents, ends of stages and runs, flow calls.
 * Locks the runs first, in the order of their ids. The general way; a store may bring a faster one for plain successes.
 */
export async function settleOutcomes(
  tx: Tx,
  workerKey: number,
  outcomes: readonly Outcome[],
): Promise<Settled> {
  const runs = await lockRuns(
    tx,
    outcomes.map((outcome) => outcome.runId),
  );
  const recorded = await recordOutcomes(tx, workerKey, outcomes, runs);
  return { ...recorded, ...(await closeRuns(tx, runs.values())) };
}

/** The same in runs that are locked, and that the caller closes. */
export async function recordOutcomes(
  tx: Tx,
  workerKey: number,
  outcomes: readonly Outcome[],
  runs: ReadonlyMap<string, OpenRun>,
): Promise<Pick<Settled, "stale" | "failing">> {
  if (outcomes.length === 0) return { stale: [], failing: [] };
  const rows = await tx.all<EndedStep>("step.owned_by", {
    workerKey,
    keys: outcomes.map((outcome) => outcome.key),
  });
  const owned = new Map(rows.map((row) => [row.key, row]));
  const stale: number[] = [];
  const ended: Ended[] = [];
  for (const outcome of [...outcomes].sort((a, b) => a.key - b.key)) {
    const run = runs.get(outcome.runId);
    const step = owned.get(outcome.key);
    if (run === undefined || step?.attempt !== outcome.attempt) stale.push(outcome.key);
    else ended.push({ run, step, outcome });
    // Told twice, it counts once.
    owned.delete(outcome.key);
  }
  for (const group of together(ended)) await settleTogether(tx, group);
  return { stale, failing: await failingStages(tx, outcomes) };
}

/** Saves runs. Answers those that came to their end, and the words that stand on others. */
export async function closeRuns(
  tx: Tx,
  runs: Iterable<OpenRun>,
): Promise<Pick<Settled, "ended" | "controls">> {
  const ended: EndedRun[] = [];
  const controls: RunControl[] = [];
  for (const run of runs) {
    await saveRun(tx, run);
    if (run.ended !== null) ended.push({ runId: run.id, status: run.ended });
    if (run.control !== null) controls.push({ runId: run.id, word: run.control });
  }
  return { ended, controls };
}

/** Only a failure makes a stage fail. */
async function failingStages(tx: Tx, outcomes: readonly Outcome[]): Promise<number[]> {
  const failures = outcomes.filter((outcome) => outcome.result !== "success" && outcome.stageKey !== null);
  if (failures.length === 0) return [];
  const stageKeys = failures.map((outcome) => outcome.stageKey!);
  return (await tx.all<{ key: number }>("stage.failing", { stageKeys })).map((row) => row.key);
}

/** An outcome of a step or call that is this worker's. */
export interface Ended {
  readonly run: OpenRun;
  readonly step: EndedStep;
  readonly outcome: Outcome;
}

/** Steps of one stage that ended well, next to each other, are settled at once; everything else one by one. */
function together(ended: readonly Ended[]): Ended[][] {
  const groups: Ended[][] = [];
  for (const one of ended) {
    const before = groups.at(-1)?.[0];
    if (before !== undefined && isPlain(before) && isPlain(one) && before.step.stageKey === one.step.stageKey)
      groups.at(-1)!.push(one);
    else groups.push([one]);
  }
  return groups;
}

function isPlain({ step, outcome }: Ended): boolean {
  return step.kind === "step" && outcome.result === "success";
}

async function settleTogether(tx: Tx, group: readonly Ended[]): Promise<void> {
  const { run, step, outcome } = group[0]!;
  run.active -= group.length;
  for (const one of group) await storePrinted(tx, one);
  if (step.kind === "flow") return settleCall(tx, run, step, outcome);
  if (outcome.result !== "success") return settleFailure(tx, run, step, outcome);
  return completeSteps(tx, run, group);
}

/** Moves a running step to a final state. */
export async function endStep(
  tx: Tx,
  step: EndedStep,
  outcome: Outcome,
  status: "completed" | "failed" | "aborted",
  error: string | null,
): Promise<void> {
  await tx.run("step.end", {
    key: step.key,
    attempt: step.attempt,
    status,
    exitCode: outcome.exitCode,
    signal: outcome.signal,
    cpuMs: outcome.cpuMs,
    maxRssBytes: outcome.maxRssBytes,
    durationMs: outcome.durationMs,
    error,
  });
}

/** Takes ended steps off their stage's counters, lets the next ones in, and ends the stage with its last one. */
export async function leaveStage(
  tx: Tx,
  run: OpenRun,
  step: { readonly stageKey: number | null },
  count: { readonly failed: number; readonly ended: number; readonly occupied?: number },
  ready: Parameters<typeof admitReady>[3],
): Promise<void> {
  const [stage] = await tx.all<OpenStage>("stage.leave", {
    stageKey: step.stageKey,
    failed: count.failed,
    ended: count.ended,
    occupied: count.occupied ?? 1,
  });
  if (stage === undefined) throw new Error(`step of a run without its stage: ${step.stageKey}`);
  // Also where it fails fast: its failure has cancelled what was pending; what is pending now, somebody retried since.
  await admitReady(tx, run, stage, ready);
  if (stage.openSteps === 0) await endStage(tx, run, stage);
}

/** What a script printed, and what its worker warns of: that is in the log of its run and in the run's stream. */
async function storePrinted(tx: Tx, { run, step, outcome }: Ended): Promise<void> {
  if (outcome.output !== null)
    await tx.run("step_output.insert", {
      stepKey: outcome.key,
      attempt: outcome.attempt,
      ...outcome.output,
    });
  for (const message of outcome.warnings) {
    const about = { entityType: step.kind, entityId: step.id, metadata: null };
    run.changes.push((await writeLine(tx, run.id, { ...about, level: "warn", message })).change);
  }
}

import type { Tx } from "../../driver.js";
import type { EndedRun, Outcome, RunControl } from "../../store/work.js";
import { fieldRows } from "../data/field-rows.js";
import { stepChange } from "../events.js";
import { lockRuns, saveRun, type OpenRun } from "../run/open-run.js";
import { endStage, type OpenStage } from "../stage/end.js";
import { settleCall } from "./settle-call.js";
import { settleFailure } from "./settle-failure.js";
import { admitReady, releaseDependents } from "./release-dependents.js";

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
  const settled: Settled = { stale: [], failing: [], ended: [], controls: [] };
  if (outcomes.length === 0) return settled;
  const runs = await lockRuns(
    tx,
    outcomes.map((outcome) => outcome.runId),
  );
  const rows = await tx.all<EndedStep>("step.owned_by", {
    workerKey,
    keys: outcomes.map((outcome) => outcome.key),
  });
  const owned = new Map(rows.map((row) => [row.key, row]));
  for (const outcome of [...outcomes].sort((a, b) => a.key - b.key)) {
    const run = runs.get(outcome.runId);
    const step = owned.get(outcome.key);
    if (run === undefined || step === undefined || step.attempt !== outcome.attempt)
      settled.stale.push(outcome.key);
    else await settleOne(tx, run, step, outcome);
  }
  settled.failing.push(...(await failingStages(tx, outcomes)));
  for (const run of runs.values()) {
    await saveRun(tx, run);
    if (run.ended !== null) settled.ended.push({ runId: run.id, status: run.ended });
    if (run.control !== null) settled.controls.push({ runId: run.id, word: run.control });
  }
  return settled;
}

/** Only a failure makes a stage fail. */
async function failingStages(tx: Tx, outcomes: readonly Outcome[]): Promise<number[]> {
  const failures = outcomes.filter((outcome) => outcome.result !== "success" && outcome.stageKey !== null);
  if (failures.length === 0) return [];
  const stageKeys = failures.map((outcome) => outcome.stageKey!);
  return (await tx.all<{ key: number }>("stage.failing", { stageKeys })).map((row) => row.key);
}

async function settleOne(tx: Tx, run: OpenRun, step: EndedStep, outcome: Outcome): Promise<void> {
  run.active -= 1;
  await storeOutput(tx, outcome);
  for (const message of outcome.warnings)
    await tx.run("run_log.warn", { runId: run.id, message, entityType: step.kind, entityId: step.id });
  if (step.kind === "flow") return settleCall(tx, run, step, outcome);
  if (outcome.result !== "success") return settleFailure(tx, run, step, outcome);
  await storeFields(tx, outcome);
  await endStep(tx, step, outcome, "completed", null);
  run.changes.push(stepChange(step, "completed", step.attempt, { exitCode: outcome.exitCode }));
  const ready = await releaseDependents(tx, step);
  await leaveStage(tx, run, step, { failed: 0, ended: 1 }, ready);
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
  count: { failed: number; ended: number },
  ready: Parameters<typeof admitReady>[3],
): Promise<void> {
  const [stage] = await tx.all<OpenStage>("stage.leave", {
    stageKey: step.stageKey,
    failed: count.failed,
    ended: count.ended,
    occupied: 1,
  });
  if (stage === undefined) throw new Error(`step of a run without its stage: ${step.stageKey}`);
  // Also where it fails fast: its failure has cancelled what was pending; what is pending now, somebody retried since.
  await admitReady(tx, run, stage, ready);
  if (stage.openSteps === 0) await endStage(tx, run, stage);
}

async function storeOutput(tx: Tx, outcome: Outcome): Promise<void> {
  if (outcome.output === null) return;
  await tx.run("step_output.insert", { stepKey: outcome.key, attempt: outcome.attempt, ...outcome.output });
}

async function storeFields(tx: Tx, outcome: Outcome): Promise<void> {
  const rows = fieldRows(outcome.fields ?? {});
  if (rows.length === 0) return;
  await tx.run("step_field.merge", {
    rows: JSON.stringify(rows.map((row) => ({ key: outcome.key, ...row }))),
  });
}

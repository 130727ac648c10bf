import {
  problem,
  unknownDependency,
  type PlannedStep,
  type Problem,
  type StagePlan,
  type StepStatus,
} from "@maxq/core";
import type { Tx } from "../../driver.js";
import { stageChange } from "../events.js";
import { isEnding, isOver, type OpenRun } from "../run/open-run.js";
import { takeNumbers } from "../work/number.js";
import { endStage, type OpenStage } from "./end.js";
import { optionRow } from "./option-row.js";

/** Who schedules: a stage scheduled by a failure callback, or by a step of such a stage, is superseded when the run is retried. */
export interface Scheduler {
  readonly afterFailure: boolean;
  /** The step whose script asks; null for a flow call and for anybody else. */
  readonly scheduledBy: number | null;
}

interface FoundStage {
  readonly key: number;
  readonly bodyHash: string;
  readonly afterFailure: boolean | number;
}

export type StoredPlan =
  | {
      readonly reason: "scheduled" | "repeated";
      readonly steps: readonly { id: string; name: string; status: StepStatus }[];
    }
  | { readonly reason: "refused"; readonly problem: Problem };

/** Stores a stage whole, or says why not. A stage that the run has, with the same body, is a repeat whatever the run's state. */
export async function storePlan(tx: Tx, run: OpenRun, plan: StagePlan, by: Scheduler): Promise<StoredPlan> {
  const [existing] = await tx.all<FoundStage>("stage.find", {
    runId: run.id,
    name: plan.stage,
  });
  if (existing !== undefined) return repeatOrConflict(tx, run, existing, plan, by);
  const refusal =
    refusedByState(run, plan) ??
    (await refusedByIds(tx, run, plan)) ??
    (await refusedByExternal(tx, run, plan));
  if (refusal !== null) return { reason: "refused", problem: refusal };

  const [stage] = await tx.all<OpenStage>("stage.insert", {
    runId: run.id,
    name: plan.stage,
    final: plan.final,
    failFast: plan.failFast,
    recover: plan.recover,
    maxParallel: plan.maxParallel,
    afterFailure: by.afterFailure,
    scheduledBy: by.scheduledBy,
    steps: plan.steps.length,
    bodyHash: plan.hash,
    output: plan.output === undefined ? null : JSON.stringify(plan.output),
  });
  run.openStages += 1;
  if (plan.final) run.finalStage = true;
  run.changes.push(stageChange(plan.stage, "pending", { steps: plan.steps.length }));
  await insertSteps(tx, run, stage!.key, plan);
  if (plan.steps.length === 0) await endStage(tx, run, stage!);
  return {
    reason: "scheduled",
    steps: plan.steps.map(({ id, name }) => ({ id, name, status: "pending" as const })),
  };
}

async function repeatOrConflict(
  tx: Tx,
  run: OpenRun,
  stage: FoundStage,
  plan: StagePlan,
  by: Scheduler,
): Promise<StoredPlan> {
  if (stage.bodyHash !== plan.hash)
    return {
      reason: "refused",
      problem: problem(
        "STAGE_CONFLICT",
        `the run already has a stage ${plan.stage} with another body; use another stage name, or send the same body`,
        {
          stage: plan.stage,
        },
      ),
    };
  // Asked for by one that was not told of a failure, it is the flow's own way, whoever came first.
  if (stage.afterFailure && !by.afterFailure)
    await tx.run("stage.keep", { runId: run.id, stageKey: stage.key });
  const steps = await tx.all<{ id: string; name: string; status: StepStatus }>("step.of_stage", {
    stageKey: stage.key,
  });
  return { reason: "repeated", steps };
}

function refusedByState(run: OpenRun, plan: StagePlan): Problem | null {
  if (isOver(run.status) || isEnding(run))
    return problem(
      "RUN_OVER",
      `run ${run.id} is ${isOver(run.status) ? run.status : "ending"}: stage ${plan.stage} cannot be added; retry the run or start a new one`,
      {
        status: run.status,
      },
    );
  if (run.finalStage)
    return problem(
      "RUN_FINAL",
      `stage ${plan.stage} cannot follow a final stage; schedule it before the final one, or drop "final" there`,
      {
        stage: plan.stage,
      },
    );
  return null;
}

async function refusedByIds(tx: Tx, run: OpenRun, plan: StagePlan): Promise<Problem | null> {
  const [taken] = await tx.all<{ id: string }>("step.taken", {
    runId: run.id,
    ids: plan.steps.map((step) => step.id),
  });
  if (taken === undefined) return null;
  return problem(
    "DUPLICATE_STEP",
    `the run already has a step ${taken.id}, in an earlier stage; step ids are unique in a run: give this one another id`,
    {
      stepId: taken.id,
    },
  );
}

async function refusedByExternal(tx: Tx, run: OpenRun, plan: StagePlan): Promise<Problem | null> {
  if (plan.external.length === 0) return null;
  const ids = plan.external.map((dependency) => dependency.id);
  const completed = new Set(
    (await tx.all<{ id: string }>("step.completed_of", { runId: run.id, ids })).map((row) => row.id),
  );
  const unknown = plan.external.find((dependency) => !completed.has(dependency.id));
  if (unknown === undefined) return null;
  return unknownDependency(plan, unknown.id, unknown.by);
}

/** Inserts gates, steps and edges. Steps without dependencies are numbered here, so that a stage needs no second pass over its rows. */
async function insertSteps(tx: Tx, run: OpenRun, stageKey: number, plan: StagePlan): Promise<void> {
  if (plan.steps.length === 0) return;
  const numbers = await numberReady(tx, run, stageKey, plan);
  const gates =
    plan.gates.length === 0
      ? []
      : await tx.all<{ key: number }>("gate.insert", {
          stageKey,
          rows: JSON.stringify(plan.gates.map((total) => ({ total }))),
        });
  const gateKeys = gates.map((row) => row.key).sort((a, b) => a - b);
  await tx.run("step.insert", {
    runId: run.id,
    stageKey,
    rows: JSON.stringify(plan.steps.map((step, index) => stepRow(step, run, gateKeys, numbers[index]!))),
  });
  const options = plan.steps.flatMap((step, index) => optionRow(step).map((row) => ({ ...row, index })));
  if (options.length + plan.stepEdges.length + plan.gateEdges.length === 0) return;
  // Keys are handed out in the order of the rows.
  const keys = (await tx.all<{ key: number }>("step.keys_of_stage", { stageKey })).map((row) => row.key);
  if (options.length > 0)
    await tx.run("step_option.insert", {
      rows: JSON.stringify(options.map((row) => ({ ...row, key: keys[row.index] }))),
    });
  if (plan.stepEdges.length > 0)
    await tx.run("step_edge.insert", {
      rows: JSON.stringify(plan.stepEdges.map(([from, to]) => ({ f: keys[from], t: keys[to] }))),
    });
  if (plan.gateEdges.length > 0)
    await tx.run("gate_edge.insert", {
      rows: JSON.stringify(plan.gateEdges.map(([gate, to]) => ({ f: gateKeys[gate], t: keys[to] }))),
    });
}

/** A step as the statement takes it: SQLite finds a value by its place faster than by its name. */
function stepRow(
  { id, name, sequence, priority, dependencies, gate, maxRetries }: PlannedStep,
  run: OpenRun,
  gateKeys: readonly number[],
  no: number | null,
): readonly (string | number | null)[] {
  const gateKey = gate === null ? null : gateKeys[gate]!;
  return [id, name, sequence, priority ?? run.priority, dependencies, gateKey, maxRetries, no];
}

/** Claim numbers by index, for steps that are ready at once. */
async function numberReady(
  tx: Tx,
  run: OpenRun,
  stageKey: number,
  plan: StagePlan,
): Promise<(number | null)[]> {
  const numbers: (number | null)[] = plan.steps.map(() => null);
  if (run.control !== null) return numbers;
  let ready = plan.steps.map((_, index) => index).filter((index) => plan.steps[index]!.dependencies === 0);
  const priority = (index: number): number => plan.steps[index]!.priority ?? run.priority;
  if (plan.maxParallel !== null) {
    ready.sort((a, b) => priority(b) - priority(a) || a - b);
    ready = ready.slice(0, plan.maxParallel);
    await tx.run("stage.occupy", { stageKey, delta: ready.length });
  }
  const byPriority = new Map<number, number[]>();
  for (const index of ready) {
    const group = byPriority.get(priority(index));
    if (group === undefined) byPriority.set(priority(index), [index]);
    else group.push(index);
  }
  for (const [level, indexes] of byPriority) {
    const first = await takeNumbers(tx, run, "step", level, indexes.length);
    indexes.forEach((index, offset) => (numbers[index] = first + offset));
  }
  return numbers;
}

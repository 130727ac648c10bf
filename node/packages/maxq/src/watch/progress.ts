import type { RunEvent, RunStatus, Stage, StageStatus, Step, StepCounts, StepStatus } from "@maxq/core";

/** A step or flow call as the view shows it. Times are epoch ms. */
export interface StepProgress {
  readonly id: string;
  readonly name: string;
  status: StepStatus;
  attempt: number;
  startedAt: number | null;
  endedAt: number | null;
  /** The last line that it printed, "" if none is known. */
  line: string;
}

export interface StageProgress {
  readonly name: string;
  status: StageStatus;
  startedAt: number | null;
  endedAt: number | null;
  /** How many steps it has, loaded or not. */
  readonly total: number;
  /** In schedule order; empty where the stage is too large to be shown step by step. */
  readonly steps: Map<string, StepProgress>;
  /** As the server said last; of use only where the steps are not known. */
  counts: StepCounts;
}

/** What a change brought to its end. */
export type Ended =
  | { readonly reason: "nothing" }
  | { readonly reason: "step"; readonly step: StepProgress }
  | { readonly reason: "stage"; readonly stage: StageProgress };

const nothing: Ended = { reason: "nothing" };

/** How many steps are known of, and how many of them have ended. */
export interface Totals {
  readonly steps: number;
  readonly ended: number;
}

/** What is known of a run while it goes on: made from what the server answers, kept current by the run's events. */
export class Progress {
  status: RunStatus = "pending";
  readonly stages = new Map<string, StageProgress>();
  readonly calls = new Map<string, StepProgress>();
  readonly #stageOf = new Map<string, StageProgress>();

  /** How long a run of the flow takes as a rule, in ms; null if none has completed yet. */
  usualMs: number | null = null;

  constructor(
    readonly flowName: string,
    readonly startedAt: number,
  ) {}

  addStage(stage: Stage, steps: readonly Step[]): StageProgress {
    const total = sumOf(stage.counts);
    const progress: StageProgress = {
      name: stage.name,
      status: stage.status,
      startedAt: stage.startedAt ?? stage.createdAt,
      endedAt: stage.completedAt,
      total,
      steps: new Map(steps.map((step) => [step.id, stepProgress(step)])),
      counts: stage.counts,
    };
    this.stages.set(stage.name, progress);
    for (const step of steps) this.#stageOf.set(step.id, progress);
    return progress;
  }

  /** Over all stages that are known. */
  totals(): Totals {
    const stages = [...this.stages.values()];
    const ended = stages.map(({ steps, counts }) =>
      steps.size === 0
        ? sumOf(counts) - counts.pending - counts.running
        : [...steps.values()].filter(({ status }) => status !== "pending" && status !== "running").length,
    );
    return {
      steps: stages.reduce((sum, { total }) => sum + total, 0),
      ended: ended.reduce((sum, each) => sum + each, 0),
    };
  }

  /** The stage that has this step; undefined for a flow call. */
  stageOf(step: StepProgress): StageProgress | undefined {
    return this.#stageOf.get(step.id);
  }

  /** The step or flow call of that id, null if it is not shown. */
  step(id: string): StepProgress | null {
    return this.calls.get(id) ?? this.#stageOf.get(id)?.steps.get(id) ?? null;
  }

  /** The steps and flow calls that run now. */
  running(): StepProgress[] {
    const steps = [...this.stages.values()].flatMap((stage) => [...stage.steps.values()]);
    return [...this.calls.values(), ...steps].filter(({ status }) => status === "running");
  }

  /** Takes a change over and answers what has ended by it. Stages must have been added before. */
  apply(event: RunEvent): Ended {
    const data = event.data as { id?: string; name?: string; status?: string; attempt?: number };
    if (data.status === undefined) return nothing;
    switch (event.type) {
      case "run":
        this.status = data.status as RunStatus;
        return nothing;
      case "stage":
        return this.#applyStage(data.name ?? "", data.status as StageStatus, event.at);
      case "step":
      case "flow":
        return this.#applyStep(
          event.type,
          data.id ?? "",
          data.status as StepStatus,
          data.attempt ?? 0,
          event.at,
        );
      case "log":
        return nothing;
    }
  }

  #applyStage(name: string, status: StageStatus, at: number): Ended {
    const stage = this.stages.get(name);
    if (stage === undefined) return nothing;
    stage.status = status;
    const over = status !== "pending" && status !== "running";
    stage.endedAt = over ? at : null;
    return over ? { reason: "stage", stage } : nothing;
  }

  #applyStep(kind: "step" | "flow", id: string, status: StepStatus, attempt: number, at: number): Ended {
    if (kind === "flow" && !this.calls.has(id)) {
      this.calls.set(id, {
        id,
        name: "flow.sh",
        status: "pending",
        attempt,
        startedAt: null,
        endedAt: null,
        line: "",
      });
    }
    const step = this.step(id);
    if (step === null) return nothing;
    const before = step.status;
    step.status = status;
    step.attempt = Math.max(step.attempt, attempt);
    if (status === "pending") Object.assign(step, { startedAt: null, endedAt: null, line: "" });
    else if (status === "running") Object.assign(step, { startedAt: at, endedAt: null });
    else if (before !== status || step.endedAt === null) {
      step.endedAt = at;
      return { reason: "step", step };
    }
    return nothing;
  }
}

function sumOf(counts: StepCounts): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function stepProgress(step: Step): StepProgress {
  const { id, name, status, attempt, startedAt, completedAt } = step;
  return { id, name, status, attempt, startedAt, endedAt: completedAt, line: "" };
}

/** An entry of a stage's `steps`: one step, or several instances. */
export interface EntryPlan {
  readonly id: string;
  readonly instances: number;
  /** Ids of entries of the same stage. */
  readonly dependsOn: readonly string[];
  readonly ms: number;
  /** It fails in its attempts up to this one; `always` in each. */
  readonly failsUntil: number | "always";
  readonly maxRetries: number;
  readonly allowFailure: boolean;
  /** It starts processes that outlive it, one of them in a session of its own. */
  readonly leavesProcesses: boolean;
}

export interface StagePlan {
  readonly name: string;
  readonly failFast: boolean;
  readonly recover: boolean;
  readonly final: boolean;
  readonly entries: readonly EntryPlan[];
}

/** What somebody does to the run from outside, so many ms after it was triggered. */
export interface ControlPlan {
  readonly action: "abort" | "pause";
  readonly afterMs: number;
  /** How long a pause lasts. */
  readonly forMs: number;
}

/** One run of the load, all that is to be known of it before it starts. */
export interface RunPlan {
  readonly flowName: string;
  readonly dialect: "http" | "stdout";
  /** One after another. At most one of them fails. */
  readonly stages: readonly StagePlan[];
  /** What the flow schedules when a stage has failed. */
  readonly onFailure: StagePlan | null;
  readonly control: ControlPlan | null;
}

/** One step as MaxQ will know it. */
export interface StepPlan {
  readonly id: string;
  readonly entry: EntryPlan;
  /** Ids of steps of the same stage. */
  readonly dependsOn: readonly string[];
}

/** The steps of a stage, instances one by one. */
export function stepsOf({ entries }: StagePlan): StepPlan[] {
  const idsOf = ({ id, instances }: EntryPlan): string[] =>
    instances === 1 ? [id] : Array.from({ length: instances }, (_, n) => `${id}.${n}`);
  const byId = new Map(entries.map((entry) => [entry.id, idsOf(entry)]));
  return entries.flatMap((entry) => {
    const dependsOn = entry.dependsOn.flatMap((id) => byId.get(id)!);
    return idsOf(entry).map((id) => ({ id, entry, dependsOn }));
  });
}

/** Whether a step of it fails for good in a way that fails the stage. */
export function stageFails({ entries }: StagePlan): boolean {
  return entries.some(({ failsUntil, allowFailure }) => failsUntil === "always" && !allowFailure);
}

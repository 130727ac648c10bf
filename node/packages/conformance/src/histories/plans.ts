import type { StageDocument, StagePlan, StepEntry } from "@maxq/core";
import type { Random } from "@maxq/test-kit";
import { aStage } from "../kit/a-stage.js";

const names = ["s", "t", "u", "v"];

type Options = Omit<StepEntry, "name">;

/** Steps of a stage; `o` makes the options of one, `elsewhere` is an id that may be of another stage. */
type Shape = (o: () => Options, elsewhere: string) => readonly StepEntry[];

const shapes: readonly Shape[] = [
  () => [],
  (o) => [{ name: "a", ...o() }],
  (o) => [{ id: "x", name: "a", ...o() }],
  (o) => [{ name: "a", instances: 3, ...o() }],
  (o) => [
    { name: "a", ...o() },
    { name: "b", dependsOn: ["a"], ...o() },
  ],
  (o) => [
    { name: "a", ...o() },
    { name: "b", dependsOn: ["a"], ...o() },
    { name: "c", dependsOn: ["b"], ...o() },
  ],
  (o) => [
    { name: "a", ...o() },
    { name: "b", ...o() },
    { name: "c", dependsOn: ["a", "b"], ...o() },
  ],
  (o) => [
    { name: "a", instances: 2, ...o() },
    { name: "b", instances: 2, dependsOn: ["a"], ...o() },
  ],
  (o, elsewhere) => [
    { name: "a", ...o() },
    { name: "b", dependsOn: [elsewhere], ...o() },
  ],
];

/** The stages that a history's flow calls, steps and clients ask for: few names, some of them with two bodies, so that they repeat and contradict one another. */
export function somePlans(random: Random): readonly StagePlan[] {
  return names.flatMap((name) => {
    const body = aPlan(random, name);
    return [body, random.chance(0.7) ? body : aPlan(random, name)];
  });
}

function aPlan(random: Random, stage: string): StagePlan {
  const shape = random.pick(shapes);
  const elsewhere = random.pick(["x", ...names.filter((name) => name !== stage).map((name) => `${name}.a`)]);
  return aStage(
    stage,
    shape(() => someOptions(random), elsewhere),
    someStageOptions(random, stage),
  );
}

function someOptions(random: Random): Options {
  return {
    ...(random.chance(0.25) && {
      maxRetries: random.int(1, 2),
      retryDelayMs: random.chance(0.5) ? 0 : 60_000,
    }),
    ...(random.chance(0.12) && { allowFailure: true }),
    ...(random.chance(0.1) && { priority: random.int(0, 3) }),
    ...(random.chance(0.06) && { onLost: "fail" as const }),
  };
}

function someStageOptions(random: Random, stage: string): Omit<Partial<StageDocument>, "stage" | "steps"> {
  return {
    ...(random.chance(0.25) && { failFast: false }),
    ...(random.chance(0.2) && { recover: true }),
    ...(random.chance(0.12) && { final: true, ...(random.chance(0.5) && { output: { by: stage } }) }),
    ...(random.chance(0.15) && { maxParallel: 1 }),
  };
}

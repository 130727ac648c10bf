import type { StagePlan, StepEntry } from "@maxq/core";
import { aStage } from "./a-stage.js";

const named = (names: string, change: Partial<StepEntry> = {}): StepEntry[] =>
  names.split(" ").map((name) => ({ name, ...change }));
/** Steps that wait for one another. */
export const chain = [{ name: "a" }, { name: "b", dependsOn: ["a"] }, { name: "c", dependsOn: ["b"] }];
/** Stages that a flow asks for one after the other, by what is special about them. */
export const sequences: Readonly<Record<string, readonly StagePlan[]>> = {
  "stages of one step": ["s", "t", "u"].map((name) => aStage(name, ["a"])),
  "a chain, then a final stage": [aStage("s", chain), aStage("t", ["a"], { final: true, output: { n: 1 } })],
  "stages of many steps": [aStage("s", named("a b c d e f")), aStage("t", named("a b", { priority: 3 }))],
  "a diamond": [
    aStage("s", [
      ...named("a"),
      ...named("b c", { dependsOn: ["a"] }),
      ...named("d", { dependsOn: ["b", "c"] }),
    ]),
  ],
  "a barrier": [
    aStage("s", [...named("a", { instances: 2 }), ...named("b", { instances: 2, dependsOn: ["a"] })]),
  ],
  "steps with options": [aStage("s", named("a b", { env: { K: "v" }, timeoutMs: 5000, maxRetries: 1 }))],
  "stages with maxParallel and with failFast": [
    aStage("s", named("a b c"), { maxParallel: 1 }),
    aStage("t", chain, { failFast: true }),
  ],
  "a stage that is there already": [aStage("s", ["a"]), aStage("s", ["a"]), aStage("s", ["b"])],
  "an id that is there already": [
    aStage("s", [{ id: "x", name: "a" }]),
    aStage("t", [{ id: "x", name: "a" }]),
  ],
  "a stage after a final one": [aStage("s", ["a"], { final: true }), aStage("t", ["a"])],
};

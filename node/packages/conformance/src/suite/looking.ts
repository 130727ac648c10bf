import type { StagePlan, StepEntry } from "@maxq/core";
import type { ClaimedTask, Outcome } from "@maxq/db";
import { expect } from "chai";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { output, printed, success } from "../kit/outcomes.js";
import type { World } from "../kit/world.js";

/** A Store may have ways of its own for requests that tell of one end and look for nothing. */
export function looking(world: () => World): void {
  describe("an exchange that looks for nothing comes to the same as one that looks:", () => {
    const named = (names: string, change: Partial<StepEntry> = {}): StepEntry[] =>
      names.split(" ").map((name) => ({ name, ...change }));
    const chain = [{ name: "a" }, { name: "b", dependsOn: ["a"] }, { name: "c", dependsOn: ["b"] }];
    const plans: Readonly<Record<string, readonly StagePlan[]>> = {
      "stages of one step": ["s", "t", "u"].map((name) => aStage(name, ["a"])),
      "a chain, then a final stage": [
        aStage("s", chain),
        aStage("t", ["a"], { final: true, output: { n: 1 } }),
      ],
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

    /** What there is to know of a run but times and keys. */
    async function told(
      plan: readonly StagePlan[],
      slots: number,
      look: boolean,
      failing: readonly string[],
    ) {
      const run = await world().create();
      let next = 0;
      const flow = (call: ClaimedTask): Outcome => {
        const document = next < plan.length ? asksFor(plan[next++]!) : asksForNothing;
        return printed(call, document, { output: output(`call ${next}`) });
      };
      const step = (task: ClaimedTask): Outcome => success(task, { output: output(task.id) });
      const started = await drive(world().worker, { flow, step, slots, look, failing });
      const events = await world().store.readEvents(run.id, null, 1000);
      const steps = await world().store.listSteps(run.id, {}, { limit: 100, offset: 0, cursor: null });
      const printedBy = steps.data.map(
        async ({ id }) => (await world().store.getStep(run.id, id))!.output.stdout,
      );
      return {
        ...{
          started,
          events: events.map(({ type, data }) => [type, data]),
          status: await world().status(run.id),
        },
        ...{
          steps: await world().steps(run.id),
          stages: await world().stages(run.id),
          printed: await Promise.all(printedBy),
        },
        calls: (await world().store.listFlowCalls(run.id)).map(({ id, status }) => [id, status]),
      };
    }

    for (const [what, plan] of Object.entries(plans))
      it(what, async () => {
        for (const slots of [1, 4])
          for (const failing of [[], ["s.a"]])
            expect(await told(plan, slots, false, failing)).to.deep.equal(
              await told(plan, slots, true, failing),
            );
      });
  });
}

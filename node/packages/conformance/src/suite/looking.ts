import type { StagePlan, StepEntry } from "@maxq/core";
import type { ClaimedTask, Outcome } from "@maxq/db";
import { expect } from "chai";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { output, printed, success } from "../kit/outcomes.js";
import type { World } from "../kit/world.js";

interface Told {
  readonly slots: number;
  /** Whether exchanges with something to record look for what waits; they do by default. */
  readonly look?: boolean;
  readonly failing?: readonly string[];
  readonly runs?: number;
}

/** Of a run, and what was started while it was driven, beside it, too. */
interface Facts {
  readonly known: object;
  readonly started: readonly string[];
}

/** A Store may have ways of its own for requests that tell of one end and look for nothing. */
export function looking(world: () => World): void {
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

  /** What there is to know of runs that one worker drives at the same time, but times and keys. */
  async function told(
    plan: readonly StagePlan[],
    { slots, look = true, failing = [], runs = 1 }: Readonly<Told>,
  ): Promise<readonly Facts[]> {
    const calls = new Map<string, number>();
    for (let n = 0; n < runs; n++) calls.set((await world().create()).id, 0);
    const flow = (call: ClaimedTask): Outcome => {
      const n = calls.get(call.runId)!;
      calls.set(call.runId, n + 1);
      const document = n < plan.length ? asksFor(plan[n]!) : asksForNothing;
      return printed(call, document, { output: output(`call ${n + 1}`) });
    };
    const step = (task: ClaimedTask): Outcome => success(task, { output: output(task.id) });
    const started = await drive(world().worker, { flow, step, slots, look, failing });
    return Promise.all([...calls.keys()].map(async (runId) => ({ known: await known(runId), started })));
  }

  async function known(runId: string): Promise<object> {
    const events = await world().store.readEvents(runId, null, 1000);
    const steps = await world().store.listSteps(runId, {}, { limit: 100, offset: 0, cursor: null });
    const printedBy = steps.data.map(
      async ({ id }) => (await world().store.getStep(runId, id))!.output.stdout,
    );
    const { status, output: result, completedAt } = await world().run(runId);
    return {
      ...{ events: events.map(({ type, data }) => [type, data]), status, result },
      ...{ over: completedAt !== null, steps: await world().steps(runId) },
      ...{ stages: await world().stages(runId), printed: await Promise.all(printedBy) },
      calls: (await world().store.listFlowCalls(runId)).map(({ id, status }) => [id, status]),
    };
  }

  describe("an exchange that looks for nothing comes to the same as one that looks:", () => {
    it("and tells nobody here of work that it takes itself", async () => {
      const heard: string[] = [];
      const stop = world().store.onWakeUp(({ reason }) => heard.push(reason));
      await world().runWith(aStage("s", chain));
      let [task] = await world().worker.claimSteps(1);
      for (const next of ["s.b", "s.c"]) {
        heard.length = 0;
        const nowhere = { lookForSteps: false, lookForCalls: false };
        const taken = await world().worker.exchange({ outcomes: [success(task!)], freeSteps: 2, ...nowhere });
        expect(taken.claimed.map(({ id }) => id)).to.deep.equal([next]);
        expect(heard).to.not.include("work");
        [task] = taken.claimed;
      }
      stop();
    });

    for (const [what, plan] of Object.entries(plans))
      it(what, async () => {
        for (const slots of [1, 4])
          for (const failing of [[], ["s.a"]])
            expect(await told(plan, { slots, failing, look: false })).to.deep.equal(
              await told(plan, { slots, failing }),
            );
      });
  });

  describe("runs whose exchanges are the same come to the same as one alone:", () => {
    for (const [what, plan] of Object.entries(plans))
      it(what, async () => {
        for (const failing of [[], ["s.a"]]) {
          const [alone] = await told(plan, { slots: 100, failing });
          for (const run of await told(plan, { slots: 100, failing, look: failing.length > 0, runs: 2 }))
            expect(run.known).to.deep.equal(alone!.known);
        }
      });
  });
}

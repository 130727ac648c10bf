import type { StagePlan } from "@maxq/core";
import type { ClaimedTask, Outcome } from "@maxq/db";
import { expect } from "chai";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { known } from "../kit/known.js";
import { failure, output, printed, success } from "../kit/outcomes.js";
import { chain, sequences } from "../kit/sequences.js";
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
    return Promise.all(
      [...calls.keys()].map(async (runId) => ({ known: await known(world(), runId), started })),
    );
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

    it("and takes the next attempt of what it says has failed, where that waits for nothing", async () => {
      await world().runWith(aStage("s", [{ name: "a", maxRetries: 1, retryDelayMs: 0 }]));
      const [task] = await world().worker.claimSteps(1);
      const nowhere = { lookForSteps: false, lookForCalls: false };
      const taken = await world().worker.exchange({ outcomes: [failure(task!)], freeSteps: 1, ...nowhere });
      expect(taken.claimed.map(({ id, attempt }) => [id, attempt])).to.deep.equal([["s.a", 2]]);
    });

    for (const [what, plan] of Object.entries(sequences))
      it(what, async () => {
        for (const slots of [1, 4])
          for (const failing of [[], ["s.a"]])
            expect(await told(plan, { slots, failing, look: false })).to.deep.equal(
              await told(plan, { slots, failing }),
            );
      });
  });

  describe("runs whose exchanges are the same come to the same as one alone:", () => {
    for (const [what, plan] of Object.entries(sequences))
      it(what, async () => {
        for (const failing of [[], ["s.a"]]) {
          const [alone] = await told(plan, { slots: 100, failing });
          for (const run of await told(plan, { slots: 100, failing, look: failing.length > 0, runs: 2 }))
            expect(run.known).to.deep.equal(alone!.known);
        }
      });
  });
}

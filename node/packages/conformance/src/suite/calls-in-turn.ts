import type { ClaimedTask } from "@maxq/db";
import { expect } from "chai";
import { aStage, asksFor } from "../kit/a-stage.js";
import { printed, success } from "../kit/outcomes.js";
import type { World } from "../kit/world.js";

const told = (tasks: readonly ClaimedTask[]) => tasks.map(({ id, completedStage }) => [id, completedStage]);

/** Steps may end before the flow call that asked for them: the calls that follow wait for its end. */
export function callsInTurn(world: () => World): void {
  describe("a flow call that waits for the one before it", () => {
    /** A run whose first call has asked for stages of one step over HTTP and goes on; the steps are claimed. */
    async function whileCalled(...stages: string[]) {
      const { run, call } = await world().called();
      for (const name of stages) await world().store.scheduleStage(run.id, aStage(name, ["a"]), call);
      return { run, call, steps: await world().worker.claimSteps() };
    }

    it("is claimed by the exchange that tells of that end", async () => {
      const { call, steps } = await whileCalled("s");
      await world().worker.record(success(steps[0]!));
      const looks = { lookForSteps: false, lookForCalls: false };
      const { claimed } = await world().worker.exchange({
        outcomes: [success(call)],
        freeCalls: 4,
        ...looks,
      });
      expect(told(claimed)).to.deep.equal([["flow:2", "s"]]);
      await world().worker.record(success(claimed[0]!));
    });

    it("is claimed by the exchange that tells of its stage's end and of that one's together, and no other with it", async () => {
      const { run, call, steps } = await whileCalled("s", "t");
      const outcomes = [...steps, call].map((task) => success(task));
      const { claimed } = await world().worker.exchange({ outcomes, freeCalls: 4 });
      expect(told(claimed)).to.deep.equal([["flow:2", "s"]]);
      const { claimed: then } = await world().worker.exchange({
        outcomes: [success(claimed[0]!)],
        freeCalls: 4,
      });
      expect(told(then)).to.deep.equal([["flow:3", "t"]]);
      await world().worker.record(success(then[0]!));
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("is claimed with the stage that the one before it printed", async () => {
      const { run, call } = await world().called();
      await world().store.scheduleStage(run.id, aStage("s", ["a"]), null);
      await world().worker.record(success(await world().worker.claimStep()));
      const outcomes = [printed(call, asksFor(aStage("t", ["a"])))];
      const { claimed } = await world().worker.exchange({ outcomes, freeCalls: 4, freeSteps: 4 });
      expect(told(claimed)).to.have.deep.members([
        ["flow:2", "s"],
        ["t.a", ""],
      ]);
      await world().worker.record(...claimed.map((task) => success(task)));
      const last = await world().worker.claimCall();
      expect(told([last])).to.deep.equal([["flow:3", "t"]]);
      await world().worker.record(success(last));
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("waits for the run's resume, too, if that is paused meanwhile", async () => {
      const { run, call, steps } = await whileCalled("s");
      await world().worker.record(success(steps[0]!));
      await world().store.pauseRun(run.id);
      await world().worker.record(success(call));
      expect(await world().worker.claimCalls()).to.deep.equal([]);
      await world().store.resumeRun(run.id);
      const next = await world().worker.claimCall();
      expect(told([next])).to.deep.equal([["flow:2", "s"]]);
      await world().worker.record(success(next));
    });
  });
}

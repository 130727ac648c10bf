import { expect } from "chai";
import { aStage } from "../kit/a-stage.js";
import { aborted, failure, success } from "../kit/outcomes.js";
import type { World } from "../kit/world.js";

export function timers(world: () => World): void {
  describe("timers", () => {
    it("say that nothing waits", async () => {
      await world().runWith(aStage("s", ["a"]));
      expect(await world().store.runTimers()).to.equal(null);
    });

    it("say when the next of several is due", async () => {
      await world().runWith(
        aStage("s", [
          { name: "a", maxRetries: 1, retryDelayMs: 500_000 },
          { name: "b", maxRetries: 1, retryDelayMs: 50_000 },
        ]),
      );
      await world().worker.record(...(await world().worker.claimSteps()).map((task) => failure(task)));
      expect(await world().store.runTimers()).to.be.within(0, 50_000);
      await world().subject.turnClock(51_000);
      expect(await world().store.runTimers()).to.be.within(50_001, 500_000);
      expect((await world().worker.claimStep()).id).to.equal("s.b");
    });

    it("end a run that takes longer than its time", async () => {
      const run = await world().runWith(aStage("s", ["a", "b"]), { timeoutMs: 100_000 });
      const a = await world().worker.claimStep();
      expect(await world().store.runTimers()).to.be.within(1, 100_000);
      await world().subject.turnClock(100_001);
      await world().store.runTimers();
      expect((await world().steps(run.id))["s.b"]).to.equal("cancelled");
      const renewed = await world().store.renewLease(world().worker.key);
      expect(renewed).to.deep.include({ controls: [{ runId: run.id, word: "fail" }] });
      await world().worker.record(aborted(a));
      const ended = await world().run(run.id);
      expect(ended).to.deep.include({ status: "failed", terminationReason: "timeout" });
      expect(ended.error?.code).to.equal("RUN_TIMEOUT");
      expect(await world().store.runTimers()).to.equal(null);
    });

    it("end a paused run, and one that never started, too", async () => {
      const paused = await world().runWith(aStage("s", ["a"]), { timeoutMs: 1_000 });
      await world().store.pauseRun(paused.id);
      const fresh = await world().create({ timeoutMs: 1_000 });
      await world().subject.turnClock(2_000);
      await world().store.runTimers();
      expect([await world().status(paused.id), await world().status(fresh.id)]).to.deep.equal([
        "failed",
        "failed",
      ]);
    });

    it("leave a run alone that ended in time", async () => {
      const { run, call } = await world().called({ timeoutMs: 1_000 });
      await world().worker.record(success(call));
      await world().subject.turnClock(2_000);
      expect(await world().store.runTimers()).to.equal(null);
      expect(await world().run(run.id)).to.deep.include({ status: "completed", timeoutMs: 1_000 });
    });
  });
}

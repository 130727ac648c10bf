import { expect } from "chai";
import { aStage, asksFor } from "../kit/a-stage.js";
import { failure, printed, success } from "../kit/outcomes.js";
import { accepted, type World } from "../kit/world.js";

export function endsOfRuns(world: () => World): void {
  describe("the end of a run", () => {
    it("comes with the last step of a final stage, without another call", async () => {
      const run = await world().runWith(aStage("s", ["a", "b"], { final: true, output: { ok: true } }));
      const [a, b] = await world().worker.claimSteps();
      expect((await world().worker.record(success(a!))).ended).to.deep.equal([]);
      expect((await world().worker.record(success(b!))).ended).to.deep.equal([
        { runId: run.id, status: "completed" },
      ]);
      expect(await world().run(run.id)).to.deep.include({ status: "completed", output: { ok: true } });
      expect(await world().worker.claimCalls()).to.deep.equal([]);
      expect(await world().store.listFlowCalls(run.id)).to.have.length(1);
    });

    it("waits for the flow call that still runs", async () => {
      const { run, call } = await world().called();
      await world().store.scheduleStage(run.id, aStage("s", ["a"], { final: true }), call);
      expect((await world().worker.record(success(await world().worker.claimStep()))).ended).to.deep.equal(
        [],
      );
      expect(await world().status(run.id)).to.equal("running");
      expect((await world().worker.record(success(call))).ended).to.deep.equal([
        { runId: run.id, status: "completed" },
      ]);
    });

    it("waits for other open stages", async () => {
      const { run, call } = await world().called();
      await world().store.scheduleStage(run.id, aStage("s", ["a"]), call);
      await world().store.scheduleStage(run.id, aStage("last", ["a"], { final: true }), call);
      await world().worker.record(success(call));
      const [s, last] = await world().worker.claimSteps();
      expect((await world().worker.record(success(last!))).ended).to.deep.equal([]);
      expect((await world().worker.record(success(s!))).ended).to.deep.equal([
        { runId: run.id, status: "completed" },
      ]);
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("by a client's final stage without steps, before its first call was claimed, comes after its beginning", async () => {
      const run = await world().create();
      accepted(await world().store.scheduleStage(run.id, aStage("z", [], { final: true }), null));
      const { status, startedAt, completedAt } = await world().run(run.id);
      expect([status, startedAt]).to.deep.equal(["completed", completedAt]);
      const events = await world().store.readEvents(run.id, null, 100);
      const runs = events
        .filter(({ type }) => type === "run")
        .map(({ data }) => (data as { status: string }).status);
      expect(runs).to.deep.equal(["pending", "running", "completed"]);
      expect(await world().worker.claimCalls()).to.deep.equal([]);
    });

    it("is told to who waits for the run", async () => {
      const run = await world().runWith(aStage("s", ["a"], { final: true }));
      const heard: unknown[] = [];
      const stop = world().store.onWakeUp((wakeUp) => heard.push(wakeUp));
      await world().worker.record(success(await world().worker.claimStep()));
      stop();
      expect(heard).to.deep.include({ reason: "run", runId: run.id });
    });

    it("by its deadline keeps its reason, though a stage that recovers completes before it is over", async () => {
      const run = await world().runWith(aStage("s", ["a"]), { timeoutMs: 100_000 });
      await world().worker.record(failure(await world().worker.claimStep()));
      const plan = aStage("t", ["a"], { recover: true });
      await world().worker.record(printed(await world().worker.claimCall(), asksFor(plan)));
      const last = await world().worker.claimStep();
      await world().subject.turnClock(100_001);
      await world().store.runTimers();
      await world().worker.record(success(last));
      const { status, error, terminationReason } = await world().run(run.id);
      expect({ status, isSaid: error !== null && terminationReason !== null }).to.deep.equal({
        status: "failed",
        isSaid: true,
      });
    });
  });
}

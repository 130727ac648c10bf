import { expect } from "chai";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { failure, printed, success } from "../kit/outcomes.js";
import { tellings, told } from "../kit/tellings.js";
import { accepted, codeOf, type World } from "../kit/world.js";

/** Flow calls whose run is being ended, or whose request was refused, and what a retry makes of them. */
export function callsOfEndingRuns(world: () => World): void {
  describe("a flow call that ends well while its run is being aborted", () => {
    const rest = aStage("rest", ["a"], { final: true });

    it("counts as aborted where it printed what it asks for, and a retry calls it again", async () => {
      const { run, call } = await world().called();
      accepted(await world().store.abortRun(run.id));
      await world().worker.record(printed(call, asksFor(rest)));
      expect(await states(run.id)).to.deep.equal(["aborted", "flow:1 aborted"]);
      accepted(await world().store.retryRun(run.id));
      await drive(world().worker, { flow: () => asksFor(rest) });
      expect(await states(run.id)).to.deep.equal(["completed", "flow:1 completed"]);
      expect(await world().step(run.id, "rest.a")).to.include({ status: "completed" });
    });

    it("counts as aborted where it printed the run's output", async () => {
      const { run, call } = await world().called();
      accepted(await world().store.abortRun(run.id));
      await world().worker.record(printed(call, { reason: "final", output: "all" }));
      accepted(await world().store.retryRun(run.id));
      await drive(world().worker, { flow: () => ({ reason: "final", output: "all" }) });
      expect(await world().run(run.id)).to.include({ status: "completed", output: "all" });
    });

    it("counts as aborted where its request over HTTP was refused because of that", async () => {
      const { run, call } = await world().called();
      accepted(await world().store.abortRun(run.id));
      expect(codeOf(await world().store.scheduleStage(run.id, rest, call))).to.equal("RUN_OVER");
      await world().worker.record(printed(call, asksForNothing));
      expect(await states(run.id)).to.deep.equal(["aborted", "flow:1 aborted"]);
      accepted(await world().store.retryRun(run.id));
      await drive(world().worker, { flow: () => asksFor(rest) });
      expect(await states(run.id)).to.deep.equal(["completed", "flow:1 completed"]);
    });

    it("is completed where all that it asked for is stored, or where it asked for nothing", async () => {
      for (const asks of [true, false]) {
        const { run, call } = await world().called();
        if (asks) accepted(await world().store.scheduleStage(run.id, aStage("s", ["a"]), call));
        accepted(await world().store.abortRun(run.id));
        await world().worker.record(printed(call, asks ? asksFor(aStage("other", ["b"])) : asksForNothing));
        expect(await states(run.id)).to.deep.equal(["aborted", "flow:1 completed"]);
      }
    });
  });

  describe("a flow call that is called again by a step's retry", () => {
    it("is not held to what was refused before", async () => {
      const { runId, left: s, right: t } = await world().sideBySide("s", "t");
      await world().worker.record(success(s));
      const second = await world().worker.claimCall();
      const conflict = aStage("t", ["other"]);
      expect(codeOf(await world().store.scheduleStage(runId, conflict, second))).to.equal("STAGE_CONFLICT");
      await world().worker.record(printed(second, asksForNothing));
      await world().worker.record(failure(t));
      expect(await world().status(runId)).to.equal("failed");
      accepted(await world().store.retryStep(runId, t.id, false));
      const again = await world().worker.claimCall();
      expect([again.id, ...told(again)]).to.deep.equal([second.id, ...told(second)]);
      await world().worker.record(printed(again, asksFor(aStage("next", ["n"]))));
      await tellings(world().worker);
      expect(await world().status(runId)).to.equal("completed");
      expect(await world().step(runId, "next.n")).to.include({ status: "completed" });
    });
  });

  async function states(runId: string): Promise<string[]> {
    const calls = await world().store.listFlowCalls(runId);
    return [await world().status(runId), ...calls.map(({ id, status }) => `${id} ${status}`)];
  }
}

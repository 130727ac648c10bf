import { problem } from "@maxq/core";
import { expect } from "chai";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { failure, printed, success } from "../kit/outcomes.js";
import { accepted, codeOf, type World } from "../kit/world.js";

export function whatCallsAskFor(world: () => World): void {
  describe("what a flow call printed", () => {
    it("is stored with its end", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      expect(await world().stages(run.id)).to.deep.equal({ s: "pending" });
      expect((await world().worker.claimStep()).id).to.equal("s.a");
    });

    it("is log only if the call scheduled over HTTP", async () => {
      const { run, call } = await world().called();
      accepted(await world().store.scheduleStage(run.id, aStage("s", ["a"]), call));
      await world().worker.record(printed(call, asksFor(aStage("t", ["a"]))));
      expect(await world().stages(run.id)).to.have.keys(["s"]);
    });

    it("is log only if the call scheduled over HTTP, also if it is no valid document, such as the answer that curl prints", async () => {
      const { run, call } = await world().called();
      accepted(await world().store.scheduleStage(run.id, aStage("s", ["a"]), call));
      const invalid = { reason: "invalid" as const, problem: problem("INVALID_FLOW_OUTPUT", "no document") };
      await world().worker.record(printed(call, invalid));
      expect(await world().stages(run.id)).to.deep.equal({ s: "pending" });
      expect(await world().status(run.id)).to.equal("running");
    });

    it("is log only if the call scheduled over HTTP in an earlier attempt", async () => {
      const { run, call } = await world().called();
      accepted(await world().store.scheduleStage(run.id, aStage("s", ["a"]), call));
      await world().worker.record({ ...success(call), result: "lost", exitCode: null, document: null });
      const again = await world().worker.claimCall();
      expect(again.id).to.equal("flow:1");
      await world().worker.record(printed(again, asksFor(aStage("t", ["a"]))));
      expect(await world().stages(run.id)).to.have.keys(["s"]);
    });

    it("fails the run if it is no valid document", async () => {
      const { run, call } = await world().called();
      const invalid = {
        reason: "invalid" as const,
        problem: problem("INVALID_FLOW_OUTPUT", "line 1 begins a document that is none"),
      };
      await world().worker.record(printed(call, invalid));
      const ended = await world().run(run.id);
      expect(ended.status).to.equal("failed");
      expect(ended.error?.code).to.equal("INVALID_FLOW_OUTPUT");
    });

    it("fails the run if the store refuses it", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await drive(world().worker, { flow: () => asksFor(aStage("s", ["b"])) });
      const ended = await world().run(run.id);
      expect(ended.status).to.equal("failed");
      expect(ended.error?.code).to.equal("STAGE_CONFLICT");
    });
  });

  describe("a refused scheduling request", () => {
    const refusal = problem("SCRIPT_NOT_FOUND", "there is no step x");

    it("fails the run when its call ends well and got nothing accepted after it", async () => {
      const { run, call } = await world().called();
      await world().store.noteRefusal(call, refusal);
      expect(await world().status(run.id)).to.equal("running");
      await world().worker.record(success(call));
      const ended = await world().run(run.id);
      expect(ended.status).to.equal("failed");
      expect(ended.error?.code).to.equal("SCRIPT_NOT_FOUND");
    });

    it("is forgotten when something is accepted after it", async () => {
      const { run, call } = await world().called();
      await world().store.noteRefusal(call, refusal);
      accepted(await world().store.scheduleStage(run.id, aStage("s", ["a"], { final: true }), call));
      await world().worker.record(success(call));
      await drive(world().worker);
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("counts though something was accepted before it", async () => {
      const { run, call } = await world().called();
      accepted(await world().store.scheduleStage(run.id, aStage("s", ["a"]), call));
      expect(codeOf(await world().store.scheduleStage(run.id, aStage("s", ["b"]), call))).to.equal(
        "STAGE_CONFLICT",
      );
      await world().worker.record(success(call));
      await drive(world().worker);
      const ended = await world().run(run.id);
      expect(ended.status).to.equal("failed");
      expect(ended.error?.code).to.equal("STAGE_CONFLICT");
    });

    it("is no refusal if it was a repeat", async () => {
      const plan = aStage("s", ["a"]);
      const { run, call } = await world().called();
      accepted(await world().store.scheduleStage(run.id, plan, call));
      accepted(await world().store.scheduleStage(run.id, plan, call));
      await world().worker.record(success(call));
      await drive(world().worker);
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("makes the call's stdout log only", async () => {
      const { run, call } = await world().called();
      await world().store.noteRefusal(call, refusal);
      await world().worker.record(printed(call, asksFor(aStage("s", ["a"]))));
      expect(await world().stages(run.id)).to.deep.equal({});
    });

    it("of an attempt that has ended, or of a step, changes nothing", async () => {
      const run = await world().runWith(aStage("s", ["a"], { final: true }));
      const [first] = await world().store.listFlowCalls(run.id);
      const { key } = (await world().store.getStep(run.id, first!.id))!;
      await world().store.noteRefusal({ key, attempt: 1 }, refusal);
      const step = await world().worker.claimStep();
      await world().store.noteRefusal(step, refusal);
      await world().worker.record(success(step));
      expect(await world().status(run.id)).to.equal("completed");
    });
  });

  describe("saying that nothing more comes", () => {
    it("over HTTP ends the run with its output", async () => {
      const { run, call } = await world().called();
      accepted(await world().store.finishScheduling(run.id, { rows: 3 }, call));
      await world().worker.record(success(call));
      expect(await world().run(run.id)).to.deep.include({
        status: "completed",
        output: { rows: 3 },
        error: null,
      });
    });

    it("in the output ends the run with its output", async () => {
      const { run, call } = await world().called();
      await world().worker.record(printed(call, { reason: "final", output: 0 }));
      expect(await world().run(run.id)).to.deep.include({ status: "completed", output: 0 });
    });

    it("is not needed: a call that schedules nothing ends the run", async () => {
      const { run, call } = await world().called();
      await world().worker.record(printed(call, asksForNothing));
      const ended = await world().run(run.id);
      expect(ended).to.deep.include({ status: "completed", output: null, terminationReason: null });
      expect(ended.completedAt).to.be.at.least(ended.startedAt!);
      expect(ended.durationMs).to.equal(ended.completedAt! - ended.startedAt!);
    });

    it("is refused to an attempt that has ended", async () => {
      const { run, call } = await world().called();
      await world().worker.record(failure(call));
      expect(codeOf(await world().store.finishScheduling(run.id, undefined, call))).to.equal("ATTEMPT_OVER");
    });
  });
}

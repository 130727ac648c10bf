import { expect } from "chai";
import type { ClaimedTask } from "@maxq/db";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { failure, printed, success } from "../kit/outcomes.js";
import { tellings, told } from "../kit/tellings.js";
import { accepted, codeOf, type World } from "../kit/world.js";

/** What flow calls are told once a failure is taken back by a retry, or handled. */
export function callsToldAgain(world: () => World): void {
  /** Stages eu and us side by side, of one step each; eu has failed, us has completed, and the flow made nothing of either. */
  async function failedBesideCompleted(): Promise<string> {
    const run = await world().runWith(aStage("eu", ["a"]));
    accepted(await world().store.scheduleStage(run.id, aStage("us", ["b"]), null));
    const steps = await world().worker.claimSteps(2);
    const of = (id: string) => steps.find((step) => step.id === id)!;
    await world().worker.record(failure(of("eu.a")));
    expect(told(await endCall())).to.deep.equal(["", "eu"]);
    await world().worker.record(success(of("us.b")));
    return run.id;
  }

  /** Ends the flow call that waits, which asks for nothing. */
  async function endCall(): Promise<ClaimedTask> {
    const call = await world().worker.claimCall();
    await world().worker.record(printed(call, asksForNothing));
    return call;
  }

  describe("a call that waits to tell of a stage which a step's retry opens again", () => {
    const may = aStage("may", [{ id: "fails", name: "x", allowFailure: true }]);

    /** Stage `may` has completed with a failure that it allows, while the first call runs, which is still to end. */
    async function completedBehindCall(): Promise<{ readonly runId: string; readonly call: ClaimedTask }> {
      const { run, call } = await world().called();
      accepted(await world().store.scheduleStage(run.id, may, call));
      await world().worker.record(failure(await world().worker.claimStep()));
      expect(await world().stages(run.id)).to.deep.equal({ may: "completed" });
      return { runId: run.id, call };
    }

    it("is not made: its completion is told when it completes again", async () => {
      const { runId, call } = await completedBehindCall();
      accepted(await world().store.retryStep(runId, "fails", false));
      await world().worker.record(success(call));
      expect(await world().worker.claimCalls()).to.deep.equal([]);
      await world().worker.record(success(await world().worker.claimStep()));
      expect(await tellings(world().worker)).to.deep.equal([["may", ""]]);
      expect(await world().status(runId)).to.equal("completed");
    });

    it("is made for the failure that it tells of, which no other call does", async () => {
      const { runId, call } = await completedBehindCall();
      accepted(await world().store.scheduleStage(runId, aStage("bad", ["b"]), call));
      await world().worker.record(failure(await world().worker.claimStep()));
      accepted(await world().store.retryStep(runId, "fails", false));
      await world().worker.record(success(call));
      expect(told(await endCall())).to.deep.equal(["", "bad"]);
      await world().worker.record(success(await world().worker.claimStep()));
      expect(await tellings(world().worker)).to.deep.equal([["may", "bad"]]);
      expect(await world().status(runId)).to.equal("failed");
    });
  });

  describe("a completion that was told beside another stage's failure", () => {
    it("is told again, without it, when the run is retried", async () => {
      const runId = await failedBesideCompleted();
      expect(told(await endCall())).to.deep.equal(["us", "eu"]);
      expect(await world().status(runId)).to.equal("failed");
      accepted(await world().store.retryRun(runId));
      expect(await tellings(world().worker)).to.deep.equal([
        ["us", ""],
        ["eu", ""],
      ]);
      expect(await world().status(runId)).to.equal("completed");
    });

    it("is told again when the step is retried that failed, once, however often that is", async () => {
      const runId = await failedBesideCompleted();
      await endCall();
      accepted(await world().store.retryStep(runId, "eu.a", false));
      expect(told(await endCall())).to.deep.equal(["us", ""]);
      await world().worker.record(failure(await world().worker.claimStep()));
      await endCall();
      expect(await world().status(runId)).to.equal("failed");
      accepted(await world().store.retryStep(runId, "eu.a", false));
      expect(await tellings(world().worker)).to.deep.equal([["eu", ""]]);
    });

    it("is told again when the step is retried while the run still goes on", async () => {
      const runId = await failedBesideCompleted();
      accepted(await world().store.scheduleStage(runId, aStage("ap", ["c"]), null));
      const ap = await world().worker.claimStep();
      await endCall();
      accepted(await world().store.retryStep(runId, "eu.a", false));
      expect(told(await endCall())).to.deep.equal(["us", ""]);
      await world().worker.record(success(ap));
      expect(await tellings(world().worker)).to.deep.equal([
        ["ap", ""],
        ["eu", ""],
      ]);
    });

    it("and waits to be told is told without it, once that is retried", async () => {
      const runId = await failedBesideCompleted();
      accepted(await world().store.retryStep(runId, "eu.a", false));
      expect(await tellings(world().worker)).to.deep.equal([
        ["us", ""],
        ["eu", ""],
      ]);
    });
  });

  describe("a completion that was never told, because its run failed before", () => {
    for (const retried of ["run", "step"]) {
      it(`is told when the ${retried} is retried, though a stage that recovers completed after it`, async () => {
        const run = await world().runWith(aStage("eu", ["a"]));
        accepted(await world().store.scheduleStage(run.id, aStage("us", ["b"]), null));
        const [a, b] = await world().worker.claimSteps(2);
        await world().worker.record(failure(a!));
        const call = await world().worker.claimCall();
        await world().worker.record(success(b!));
        accepted(await world().store.scheduleStage(run.id, aStage("clean", ["c"], { recover: true }), call));
        const c = await world().worker.claimStep();
        await world().worker.record(failure(call));
        await world().worker.record(success(c));
        expect(await world().status(run.id)).to.equal("failed");
        accepted(
          retried === "run"
            ? await world().store.retryRun(run.id)
            : await world().store.retryStep(run.id, "eu.a", false),
        );
        expect(await tellings(world().worker)).to.deep.include(["us", ""]);
        expect(await world().status(run.id)).to.equal("completed");
      });
    }
  });

  describe("a failure that is taken back, or handled, before it was told", () => {
    it("is not told", async () => {
      const { run, call } = await world().called();
      accepted(await world().store.scheduleStage(run.id, aStage("s", ["a"]), null));
      await world().worker.record(failure(await world().worker.claimStep()));
      accepted(await world().store.retryStep(run.id, "s.a", false));
      await world().worker.record(printed(call, asksForNothing));
      expect(await tellings(world().worker)).to.deep.equal([["s", ""]]);
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("by a recover stage is not told either", async () => {
      const { run, call } = await world().called();
      accepted(await world().store.scheduleStage(run.id, aStage("p", ["a"]), null));
      await world().worker.record(failure(await world().worker.claimStep()));
      accepted(await world().store.scheduleStage(run.id, aStage("fix", ["f"], { recover: true }), null));
      await world().worker.record(success(await world().worker.claimStep()));
      await world().worker.record(printed(call, asksForNothing));
      expect(await tellings(world().worker)).to.deep.equal([["fix", ""]]);
      expect(await world().status(run.id)).to.equal("completed");
    });
  });

  describe("a callback whose failure is taken back while it runs", () => {
    async function callbackOf(
      stage: Parameters<typeof aStage>,
    ): Promise<{ runId: string; call: ClaimedTask }> {
      const run = await world().runWith(aStage(...stage));
      const steps = await world().worker.claimSteps(stage[1].length);
      await world().worker.record(...steps.map((step) => failure(step)));
      const call = await world().worker.claimCall();
      accepted(await world().store.retryStep(run.id, steps[0]!.id, false));
      return { runId: run.id, call };
    }

    it("ends nothing by its own failure, nor is it called again", async () => {
      const { runId, call } = await callbackOf(["s", ["a", "b"], { failFast: false }]);
      await world().worker.record(failure(call));
      await world().worker.record(success(await world().worker.claimStep()));
      accepted(await world().store.retryStep(runId, "s.b", false));
      const { claimed } = await world().worker.exchange({ freeSteps: 10, freeCalls: 10 });
      expect(claimed.map(({ id }) => id)).to.deep.equal(["s.b"]);
      await world().worker.record(success(claimed[0]!));
      expect(await tellings(world().worker)).to.deep.equal([["s", ""]]);
      expect(await world().status(runId)).to.equal("completed");
    });

    it("ends nothing by what it asks for and is refused", async () => {
      const { runId, call } = await callbackOf(["s", ["a"]]);
      const unknown = aStage("t", [{ name: "x", dependsOn: ["y"] }]);
      await world().worker.record(printed(call, asksFor(unknown)));
      await drive(world().worker);
      expect(await world().status(runId)).to.equal("completed");
    });
  });

  describe("what a retry makes history", () => {
    it("takes the output of its final stage with it", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const clean = aStage("clean", ["tidy"], { final: true, output: "cleaned" });
      await drive(world().worker, { flow: () => asksFor(clean), failing: ["s.a"] });
      expect(await world().run(run.id)).to.deep.include({ status: "failed", output: "cleaned" });
      accepted(await world().store.retryRun(run.id));
      await drive(world().worker);
      expect(await world().run(run.id)).to.deep.include({ status: "completed", output: null });
    });
  });

  describe("resuming a run that is being ended", () => {
    it("is refused", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await world().worker.claimStep();
      accepted(await world().store.abortRun(run.id));
      expect(codeOf(await world().store.resumeRun(run.id))).to.equal("STATE_CONFLICT");
    });
  });

  describe("a step that failed, which was allowed", () => {
    it("can be depended on by later stages as by its own", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", allowFailure: true }]));
      const next = aStage("t", [{ name: "b", dependsOn: ["s.a"] }]);
      await drive(world().worker, {
        flow: (call) => (call.completedStage === "s" ? asksFor(next) : asksForNothing),
        failing: ["s.a"],
      });
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "failed", "t.b": "completed" });
      expect(await world().status(run.id)).to.equal("completed");
    });
  });
}

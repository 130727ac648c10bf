import { expect } from "chai";
import { aStage, asksFor } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { failure, printed, success } from "../kit/outcomes.js";
import { accepted, codeOf, type World } from "../kit/world.js";

export function scheduling(world: () => World): void {
  describe("scheduling a stage", () => {
    it("stores it whole and makes its first steps claimable at once", async () => {
      const { run, call } = await world().called();
      const plan = aStage("fetch", ["a", { name: "b", dependsOn: ["a"] }]);
      const answer = accepted(await world().store.scheduleStage(run.id, plan, call));
      expect(answer).to.deep.equal({
        reason: "scheduled",
        stage: "fetch",
        scheduled: 2,
        steps: [
          { id: "fetch.a", name: "a", status: "pending" },
          { id: "fetch.b", name: "b", status: "pending" },
        ],
      });
      const claimed = await world().worker.claimSteps();
      expect(claimed.map((task) => task.id)).to.deep.equal(["fetch.a"]);
    });

    it("hands a step's options to who claims it and shows them", async () => {
      const { run, call } = await world().called({ priority: 2 });
      const step = {
        id: "x",
        name: "a",
        env: { A: "1", B: "zwei €" },
        maxRetries: 3,
        retryDelayMs: 50,
        retryBackoff: "exponential" as const,
        timeoutMs: 1_000,
        onLost: "fail" as const,
        allowFailure: true,
      };
      await world().store.scheduleStage(
        run.id,
        aStage("s", [step, { name: "b", dependsOn: ["x"], priority: 1 }]),
        call,
      );
      const claimed = await world().worker.claimStep();
      expect(claimed).to.deep.include({
        id: "x",
        name: "a",
        stageName: "s",
        sequence: 0,
        attempt: 1,
        timeoutMs: 1_000,
        control: null,
      });
      expect(claimed.env).to.deep.equal({ A: "1", B: "zwei €" });
      expect(await world().step(run.id, "x")).to.deep.include({
        ...step,
        status: "running",
        stageName: "s",
        priority: 2,
        attempt: 1,
      });
      const defaults = {
        env: {},
        maxRetries: 0,
        retryDelayMs: 0,
        retryBackoff: "fixed",
        timeoutMs: null,
        onLost: "retry",
        allowFailure: false,
      };
      expect(await world().step(run.id, "s.b")).to.deep.include({
        ...defaults,
        dependsOn: ["x"],
        priority: 1,
        attempt: 0,
        startedAt: null,
      });
    });

    it("numbers instances from 0", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", instances: 3 }]));
      const claimed = (await world().worker.claimSteps()).filter((task) => task.kind === "step");
      expect(claimed.map((task) => [task.id, task.sequence])).to.deep.equal([
        ["s.a.0", 0],
        ["s.a.1", 1],
        ["s.a.2", 2],
      ]);
      expect(claimed.every((task) => task.runId === run.id)).to.equal(true);
    });

    it("answers the same body with what is there and schedules nothing", async () => {
      const { run, call } = await world().called();
      const plan = aStage("s", ["a"]);
      accepted(await world().store.scheduleStage(run.id, plan, call));
      await world().worker.record(success(await world().worker.claimStep()));
      const again = accepted(await world().store.scheduleStage(run.id, plan, null));
      expect(again).to.deep.equal({
        reason: "repeated",
        stage: "s",
        scheduled: 0,
        steps: [{ id: "s.a", name: "a", status: "completed" }],
      });
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "completed" });
    });

    it("answers the same body on a run that is over", async () => {
      const plan = aStage("s", ["a"], { final: true });
      const run = await world().runWith(plan);
      await drive(world().worker);
      expect(await world().status(run.id)).to.equal("completed");
      expect(accepted(await world().store.scheduleStage(run.id, plan, null)).reason).to.equal("repeated");
    });

    it("refuses another body under the same name", async () => {
      const { run, call } = await world().called();
      await world().store.scheduleStage(run.id, aStage("s", ["a"]), call);
      expect(codeOf(await world().store.scheduleStage(run.id, aStage("s", ["b"]), call))).to.equal(
        "STAGE_CONFLICT",
      );
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "pending" });
    });

    it("knows the stages of a run by name, but for those that a retry made history", async () => {
      const { store, worker } = world();
      const has = (runId: string, ...names: readonly string[]): Promise<boolean[]> =>
        Promise.all(names.map((name) => store.hasStage(runId, name)));
      const run = await world().runWith(aStage("s", ["a"]));
      expect(await has(run.id, "s", "t")).to.deep.equal([true, false]);
      await worker.record(failure(await worker.claimStep()));
      const told = await worker.claimCall();
      await worker.record(printed(told, asksFor(aStage("cleanup", ["a"]))));
      await drive(worker);
      expect(await has(run.id, "s", "cleanup")).to.deep.equal([true, true]);
      accepted(await store.retryRun(run.id));
      expect(await has(run.id, "s", "cleanup")).to.deep.equal([true, false]);
      expect(await has("00000000-0000-4000-8000-000000000000", "s")).to.deep.equal([false]);
    });

    it("refuses a new stage on a run that is over", async () => {
      const run = await world().runWith(aStage("s", ["a"], { final: true }));
      await drive(world().worker);
      expect(codeOf(await world().store.scheduleStage(run.id, aStage("t", ["b"]), null))).to.equal(
        "RUN_OVER",
      );
    });

    it("refuses a stage after a final one", async () => {
      const { run, call } = await world().called();
      await world().store.scheduleStage(run.id, aStage("s", ["a"], { final: true }), call);
      expect(codeOf(await world().store.scheduleStage(run.id, aStage("t", ["b"]), call))).to.equal(
        "RUN_FINAL",
      );
    });

    it("refuses an unknown run", async () => {
      const id = "00000000-0000-4000-8000-000000000000";
      expect(codeOf(await world().store.scheduleStage(id, aStage("s", ["a"]), null))).to.equal(
        "RUN_NOT_FOUND",
      );
    });

    it("refuses an id of an earlier stage, and stores nothing", async () => {
      const { run, call } = await world().called();
      await world().store.scheduleStage(run.id, aStage("s", [{ id: "x", name: "a" }]), call);
      const answer = await world().store.scheduleStage(
        run.id,
        aStage("t", ["b", { id: "x", name: "a" }]),
        call,
      );
      expect(codeOf(answer)).to.equal("DUPLICATE_STEP");
      expect(await world().stages(run.id)).to.have.keys(["s"]);
      expect(await world().steps(run.id)).to.have.keys(["x"]);
    });

    it("takes a completed step of an earlier stage as satisfied", async () => {
      const run = await world().runWith(aStage("s", [{ id: "x", name: "a" }]));
      await world().worker.record(success(await world().worker.claimStep()));
      accepted(
        await world().store.scheduleStage(run.id, aStage("t", [{ name: "b", dependsOn: ["x"] }]), null),
      );
      expect((await world().worker.claimStep()).id).to.equal("t.b");
      expect((await world().step(run.id, "t.b")).dependsOn).to.deep.equal(["x"]);
    });

    it("refuses to wait for what no earlier stage has completed", async () => {
      const { run, call } = await world().called();
      await world().store.scheduleStage(run.id, aStage("s", [{ id: "x", name: "a" }]), call);
      const answer = await world().store.scheduleStage(
        run.id,
        aStage("t", [{ name: "b", dependsOn: ["x"] }]),
        call,
      );
      expect(codeOf(answer)).to.equal("UNKNOWN_DEPENDENCY");
      expect(await world().stages(run.id)).to.have.keys(["s"]);
    });

    it("refuses an attempt that has ended", async () => {
      const { run, call } = await world().called();
      await world().worker.record(printed(call, asksFor(aStage("s", ["a"]))));
      expect(codeOf(await world().store.scheduleStage(run.id, aStage("t", ["a"]), call))).to.equal(
        "ATTEMPT_OVER",
      );
    });

    it("takes a stage of no steps as completed at once and calls the flow back", async () => {
      const run = await world().runWith(aStage("empty", []));
      expect(await world().stages(run.id)).to.deep.equal({ empty: "completed" });
      expect((await world().worker.claimCall()).completedStage).to.equal("empty");
    });

    it("runs several stages of one call side by side and calls back for each, one call at a time", async () => {
      const { run, call } = await world().called();
      await world().store.scheduleStage(run.id, aStage("s", ["a"]), call);
      await world().store.scheduleStage(run.id, aStage("t", ["a"]), call);
      const steps = await world().worker.claimSteps();
      expect(steps.map((step) => step.id)).to.deep.equal(["s.a", "t.a"]);
      await world().worker.record(...steps.map((step) => success(step)));
      expect(await world().worker.claimCalls()).to.deep.equal([]);
      await world().worker.record(success(call));
      const second = await world().worker.claimCall();
      expect(second.completedStage).to.equal("s");
      expect(await world().worker.claimCalls()).to.deep.equal([]);
      await world().worker.record(success(second));
      const third = await world().worker.claimCall();
      expect(third.completedStage).to.equal("t");
      await world().worker.record(success(third));
      expect(await world().status(run.id)).to.equal("completed");
      const calls = await world().store.listFlowCalls(run.id);
      expect(calls.map((each) => [each.id, each.status])).to.deep.equal([
        ["flow:1", "completed"],
        ["flow:2", "completed"],
        ["flow:3", "completed"],
      ]);
    });
  });
}

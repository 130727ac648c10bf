import { expect } from "chai";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { aborted, failure, success } from "../kit/outcomes.js";
import { accepted, codeOf, type World } from "../kit/world.js";

const noRun = "00000000-0000-4000-8000-000000000000";

export function retrying(world: () => World): void {
  describe("retrying a run in place", () => {
    it("runs what failed and what that cancelled again, and nothing that completed", async () => {
      const steps = ["a", { name: "b", dependsOn: ["a"] }, { name: "c", dependsOn: ["b"] }];
      const run = await world().runWith(aStage("s", steps));
      await drive(world().worker, { failing: ["s.b"] });
      expect(await world().status(run.id)).to.equal("failed");
      const { run: retried } = accepted(await world().store.retryRun(run.id));
      expect(retried).to.deep.include({
        id: run.id,
        status: "running",
        error: null,
        completedAt: null,
        terminationReason: null,
      });
      const started = await drive(world().worker);
      expect(started.slice(0, 2)).to.deep.equal(["s.b", "s.c"]);
      expect(await world().steps(run.id)).to.deep.equal({
        "s.a": "completed",
        "s.b": "completed",
        "s.c": "completed",
      });
      expect(await world().run(run.id)).to.deep.include({ status: "completed", error: null });
      expect((await world().step(run.id, "s.b")).attempt).to.equal(2);
      expect((await world().step(run.id, "s.a")).attempt).to.equal(1);
    });

    it("counts retries anew, never attempts", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", maxRetries: 1 }]));
      await drive(world().worker, { failing: ["s.a"] });
      await world().store.retryRun(run.id);
      await drive(world().worker, { failing: ["s.a"] });
      const { attempts, step } = (await world().store.getStep(run.id, "s.a"))!;
      expect(step.attempt).to.equal(4);
      expect(attempts.map((attempt) => attempt.attempt)).to.deep.equal([1, 2, 3, 4]);
    });

    it("makes the failure callback and its stages history, no bar to stages of the same name", async () => {
      const clean = (name: string) => aStage("clean", [{ id: "tidy", name }]);
      const run = await world().runWith(aStage("s", ["a"]));
      await drive(world().worker, {
        flow: (call) =>
          call.failedStage === "s" && call.completedStage === "" ? asksFor(clean("b")) : asksForNothing,
        failing: ["s.a"],
      });
      expect(await world().status(run.id)).to.equal("failed");
      await world().store.retryRun(run.id);
      const history = await world().store.listStages(run.id);
      expect(history.map((stage) => [stage.name, stage.superseded])).to.deep.equal([
        ["s", false],
        ["clean", true],
      ]);
      const told: string[][] = [];
      await drive(world().worker, {
        flow: (call) => {
          told.push([call.completedStage, call.failedStage]);
          return call.completedStage === "s" ? asksFor(clean("other")) : asksForNothing;
        },
      });
      expect(told).to.deep.equal([
        ["s", ""],
        ["clean", ""],
      ]);
      expect((await world().step(run.id, "tidy")).name).to.equal("other");
      expect(await world().status(run.id)).to.equal("completed");
      const { data } = await world().store.listSteps(run.id, {}, { limit: 10, offset: 0, cursor: null });
      expect(data.map((step) => [step.id, step.name, step.superseded])).to.deep.equal([
        ["s.a", "a", false],
        ["tidy", "b", true],
        ["tidy", "other", false],
      ]);
    });

    it("calls an ordinary flow call that failed again", async () => {
      const { run, call } = await world().called();
      await world().worker.record(failure(call));
      await world().store.retryRun(run.id);
      const again = await world().worker.claimCall();
      expect(again).to.deep.include({ id: "flow:1", completedStage: "", failedStage: "" });
      expect(again.attempt).to.be.above(call.attempt);
      await world().worker.record(success(again));
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("goes on with an aborted run", async () => {
      const run = await world().runWith(aStage("s", ["a", "b"], { final: true }));
      const a = await world().worker.claimStep();
      await world().store.abortRun(run.id);
      await world().worker.record(aborted(a));
      accepted(await world().store.retryRun(run.id));
      expect((await drive(world().worker)).toSorted()).to.deep.equal(["s.a", "s.b"]);
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("of an aborted run that never started makes it pending", async () => {
      const run = await world().create();
      await world().store.abortRun(run.id);
      expect(accepted(await world().store.retryRun(run.id)).run.status).to.equal("pending");
      expect((await world().worker.claimCall()).id).to.equal("flow:1");
    });

    it("frees what waits for a name again only when all of it is there", async () => {
      const steps = [
        { name: "a", instances: 3 },
        { name: "b", dependsOn: ["a"] },
      ];
      const run = await world().runWith(aStage("s", steps, { failFast: false, final: true }));
      await drive(world().worker, { failing: ["s.a.1"] });
      await world().store.retryRun(run.id);
      expect((await drive(world().worker)).slice(0, 2)).to.deep.equal(["s.a.1", "s.b"]);
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("can be done again and again", async () => {
      const run = await world().runWith(aStage("s", ["a", { name: "b", dependsOn: ["a"] }], { final: true }));
      for (let round = 0; round < 4; round++) {
        await drive(world().worker, { failing: ["s.b"] });
        expect(await world().status(run.id)).to.equal("failed");
        accepted(await world().store.retryRun(run.id));
      }
      await drive(world().worker);
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("gives the run its whole time again", async () => {
      const { run, call } = await world().called({ timeoutMs: 60_000 });
      await world().worker.record(failure(call));
      await world().subject.turnClock(120_000);
      await world().store.retryRun(run.id);
      await world().store.runTimers();
      expect(await world().status(run.id)).to.equal("running");
    });

    it("is refused in a paused one as in one that runs: it is not ending", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await world().store.pauseRun(run.id);
      expect(codeOf(await world().store.retryRun(run.id))).to.equal("STATE_CONFLICT");
    });

    it("is refused while the run goes on, after it completed, and without one", async () => {
      const { run, call } = await world().called();
      expect(codeOf(await world().store.retryRun(run.id))).to.be.oneOf(["STATE_CONFLICT", "RUN_NOT_OVER"]);
      await world().store.abortRun(run.id);
      expect(codeOf(await world().store.retryRun(run.id))).to.equal("RUN_NOT_OVER");
      await world().worker.record(aborted(call));
      accepted(await world().store.retryRun(run.id));
      await drive(world().worker);
      expect(codeOf(await world().store.retryRun(run.id))).to.equal("STATE_CONFLICT");
      expect(codeOf(await world().store.retryRun(noRun))).to.equal("RUN_NOT_FOUND");
    });
  });

  describe("retrying a step", () => {
    it("makes it pending and its stage and run go on", async () => {
      const run = await world().runWith(aStage("s", ["a", { name: "b", dependsOn: ["a"] }]));
      await drive(world().worker, { failing: ["s.a"] });
      const answer = accepted(await world().store.retryStep(run.id, "s.a", false));
      expect(answer.step).to.deep.include({ id: "s.a", status: "pending", error: null, completedAt: null });
      expect(answer.cascadedSteps).to.deep.equal([]);
      expect(await world().status(run.id)).to.equal("running");
      const started = await drive(world().worker);
      expect(started[0]).to.equal("s.a");
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "completed", "s.b": "completed" });
      expect(await world().stages(run.id)).to.deep.equal({ s: "completed" });
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("with cascade also resets all that depend on it, completed ones included", async () => {
      const steps = [
        { id: "a", name: "x", allowFailure: true },
        { id: "b", name: "x", dependsOn: ["a"] },
        { id: "c", name: "x", dependsOn: ["b"] },
        { id: "d", name: "x" },
      ];
      const run = await world().runWith(aStage("s", steps, { final: true }));
      await drive(world().worker, { failing: ["a"] });
      expect(await world().status(run.id)).to.equal("completed");
      const answer = accepted(await world().store.retryStep(run.id, "a", true));
      expect(answer.cascadedSteps.toSorted()).to.deep.equal(["b", "c"]);
      expect(await world().steps(run.id)).to.deep.equal({
        a: "pending",
        b: "pending",
        c: "pending",
        d: "completed",
      });
      expect(await drive(world().worker)).to.deep.equal(["a", "b", "c"]);
      expect(await world().status(run.id)).to.equal("completed");
      expect((await world().step(run.id, "d")).attempt).to.equal(1);
      expect((await world().step(run.id, "c")).attempt).to.equal(2);
    });

    it("with cascade reaches through a name", async () => {
      const steps = [
        { name: "a", instances: 2, allowFailure: true },
        { name: "b", instances: 2, dependsOn: ["a"] },
      ];
      const run = await world().runWith(aStage("s", steps, { final: true }));
      await drive(world().worker, { failing: ["s.a.1"] });
      const answer = accepted(await world().store.retryStep(run.id, "s.a.1", true));
      expect(answer.cascadedSteps.toSorted()).to.deep.equal(["s.b.0", "s.b.1"]);
      expect((await drive(world().worker)).toSorted()).to.deep.equal(["s.a.1", "s.b.0", "s.b.1"]);
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("of two that failed leaves the run failing for the other", async () => {
      const run = await world().runWith(aStage("s", ["a", "b"], { failFast: false }));
      await drive(world().worker, { failing: ["s.a", "s.b"] });
      accepted(await world().store.retryStep(run.id, "s.a", false));
      await drive(world().worker);
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "completed", "s.b": "failed" });
      expect(await world().status(run.id)).to.equal("failed");
    });

    it("while the run goes on takes its reason away", async () => {
      const { runId, left: a, right: b } = await world().sideBySide("s", "t");
      await world().worker.record(failure(a));
      expect((await world().run(runId)).error?.code).to.equal("STEP_FAILED");
      accepted(await world().store.retryStep(runId, a.id, false));
      expect(await world().run(runId)).to.deep.include({ error: null, terminationReason: null });
      await world().worker.record(success(b));
      await drive(world().worker);
      expect(await world().run(runId)).to.deep.include({ status: "completed", error: null });
    });

    it("of two stages that failed leaves the run failed for the other, with its reason", async () => {
      const { run, call } = await world().called();
      for (const name of ["s", "t"]) await world().store.scheduleStage(run.id, aStage(name, ["a"]), call);
      await world().worker.record(success(call));
      await drive(world().worker, { failing: ["s.a", "t.a"] });
      expect(await world().status(run.id)).to.equal("failed");
      accepted(await world().store.retryStep(run.id, "s.a", false));
      await drive(world().worker);
      expect(await world().stages(run.id)).to.deep.equal({ s: "completed", t: "failed" });
      const { status, error } = await world().run(run.id);
      expect([status, error?.code]).to.deep.equal(["failed", "STEP_FAILED"]);
      expect(error?.details).to.deep.include({ stage: "t", stepId: "t.a" });
    });

    it("whose failure was handled opens its stage again", async () => {
      const run = await world().runWith(aStage("s", ["a", { name: "b", dependsOn: ["a"] }]));
      await drive(world().worker, {
        flow: (call) =>
          call.failedStage === "s" ? asksFor(aStage("mend", ["c"], { recover: true })) : asksForNothing,
        failing: ["s.a"],
      });
      expect(await world().status(run.id)).to.equal("completed");
      accepted(await world().store.retryStep(run.id, "s.a", false));
      expect(await world().stages(run.id)).to.deep.equal({ s: "running", mend: "completed" });
      expect((await drive(world().worker)).slice(0, 2)).to.deep.equal(["s.a", "s.b"]);
      expect(await world().stages(run.id)).to.deep.equal({ s: "completed", mend: "completed" });
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("is refused where it completed, runs or waits", async () => {
      const run = await world().runWith(aStage("s", ["a", "b", "c"]));
      const [a] = await world().worker.claimSteps(2);
      await world().worker.record(success(a!));
      for (const id of ["s.a", "s.b", "s.c"]) {
        expect(codeOf(await world().store.retryStep(run.id, id, false))).to.equal("STEP_NOT_OVER");
      }
      expect(codeOf(await world().store.retryStep(run.id, "nope", false))).to.equal("STEP_NOT_FOUND");
      expect(codeOf(await world().store.retryStep(noRun, "a", false))).to.equal("RUN_NOT_FOUND");
    });
  });
}

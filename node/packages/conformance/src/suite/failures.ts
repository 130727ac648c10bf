import { expect } from "chai";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { failure, success } from "../kit/outcomes.js";
import type { World } from "../kit/world.js";

export function failures(world: () => World): void {
  describe("a failed step", () => {
    it("cancels what is pending in its stage, with the reason, and lets the rest finish", async () => {
      const run = await world().runWith(aStage("s", ["a", "b", "c", { name: "d", dependsOn: ["b"] }]));
      const [a, b] = await world().worker.claimSteps(2);
      await world().worker.record(failure(a!));
      expect(await world().steps(run.id)).to.deep.equal({
        "s.a": "failed",
        "s.b": "running",
        "s.c": "cancelled",
        "s.d": "cancelled",
      });
      const cancelled = await world().step(run.id, "s.c");
      expect(cancelled.error?.code).to.equal("DEPENDENCY_FAILED");
      expect(cancelled.error?.message).to.include("s.a");
      expect(await world().stages(run.id)).to.deep.equal({ s: "running" });
      await world().worker.record(success(b!));
      expect(await world().stages(run.id)).to.deep.equal({ s: "failed" });
      expect(await world().worker.claimSteps()).to.deep.equal([]);
    });

    it("cancels no retry that runs, but that one starts no other", async () => {
      const run = await world().runWith(aStage("s", ["a", { name: "b", maxRetries: 3 }]));
      const [a, b] = await world().worker.claimSteps();
      await world().worker.record(failure(a!));
      await world().worker.record(failure(b!));
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "failed", "s.b": "failed" });
    });

    it("cancels a step that waits for its retry, which the stream tells with its attempt", async () => {
      const run = await world().runWith(
        aStage("s", ["a", { name: "b", maxRetries: 1, retryDelayMs: 1_000 }]),
      );
      const [a, b] = await world().worker.claimSteps();
      await world().worker.record(failure(b!));
      await world().worker.record(failure(a!));
      expect((await world().step(run.id, "s.b")).attempt).to.equal(1);
      const events = await world().store.readEvents(run.id, null, 1000);
      const cancels = events
        .map(({ data }) => data)
        .filter((data) => (data as { status?: string }).status === "cancelled");
      expect(cancels).to.deep.equal([
        { id: "s.b", status: "cancelled", attempt: 1, reason: "step s.a failed" },
      ]);
    });

    it("leaves other stages alone", async () => {
      const { run, call } = await world().called();
      await world().store.scheduleStage(run.id, aStage("s", ["a"]), call);
      await world().store.scheduleStage(run.id, aStage("t", ["a", { name: "b", dependsOn: ["a"] }]), call);
      await world().worker.record(success(call));
      await drive(world().worker, { failing: ["s.a"] });
      expect(await world().stages(run.id)).to.deep.equal({ s: "failed", t: "completed" });
      expect(await world().status(run.id)).to.equal("failed");
    });

    it("cancels only its dependents without failFast", async () => {
      const steps = [
        "a",
        "b",
        { name: "c", dependsOn: ["a"] },
        { name: "d", dependsOn: ["c"] },
        { name: "e", dependsOn: ["b"] },
      ];
      const run = await world().runWith(aStage("s", steps, { failFast: false }));
      await drive(world().worker, { failing: ["s.a"] });
      expect(await world().steps(run.id)).to.deep.equal({
        "s.a": "failed",
        "s.b": "completed",
        "s.c": "cancelled",
        "s.d": "cancelled",
        "s.e": "completed",
      });
      expect(await world().stages(run.id)).to.deep.equal({ s: "failed" });
    });

    it("cancels what waits for its name without failFast", async () => {
      const steps = [
        { name: "a", instances: 3 },
        { name: "b", instances: 2, dependsOn: ["a"] },
      ];
      const run = await world().runWith(aStage("s", steps, { failFast: false }));
      await drive(world().worker, { failing: ["s.a.1"] });
      const statuses = await world().steps(run.id);
      expect(statuses).to.deep.include({
        "s.a.0": "completed",
        "s.a.1": "failed",
        "s.a.2": "completed",
        "s.b.0": "cancelled",
        "s.b.1": "cancelled",
      });
      expect(await world().stages(run.id)).to.deep.equal({ s: "failed" });
    });

    it("that is allowed fails neither stage nor run", async () => {
      const run = await world().runWith(
        aStage("s", [{ name: "a", allowFailure: true, maxRetries: 1 }, "b"], { final: true }),
      );
      const started = await drive(world().worker, { failing: ["s.a"] });
      expect(started.filter((id) => id === "s.a")).to.have.length(2);
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "failed", "s.b": "completed" });
      expect(await world().run(run.id)).to.deep.include({ status: "completed", error: null });
    });
  });

  describe("a failed stage", () => {
    it("calls the flow, which is told of it and of the last completed one", async () => {
      const run = await world().runWith(aStage("one", ["a"]));
      await drive(world().worker, {
        flow: (call) =>
          call.completedStage === "one" && call.failedStage === ""
            ? asksFor(aStage("two", ["a"]))
            : asksForNothing,
        failing: ["two.a"],
      });
      const calls = await world().store.listFlowCalls(run.id);
      expect(calls).to.have.length(3);
      const ended = await world().run(run.id);
      expect(ended).to.deep.include({ status: "failed", terminationReason: "step_failed" });
      expect(ended.error).to.deep.include({ code: "STEP_FAILED" });
      expect(ended.error?.message).to.include("two").and.to.include("two.a");
    });

    it("hands over both names", async () => {
      await world().runWith(aStage("one", ["a"]));
      await world().worker.record(success(await world().worker.claimStep()));
      const second = await world().worker.claimCall();
      expect([second.completedStage, second.failedStage]).to.deep.equal(["one", ""]);
      await world().worker.record(success(second, { document: asksFor(aStage("two", ["a"])) }));
      await world().worker.record(failure(await world().worker.claimStep()));
      const third = await world().worker.claimCall();
      expect([third.completedStage, third.failedStage]).to.deep.equal(["one", "two"]);
    });

    it("ends the run failed, once, when the flow only repeats itself", async () => {
      const plan = aStage("s", ["a"]);
      const run = await world().runWith(plan);
      const started = await drive(world().worker, { flow: () => asksFor(plan), failing: ["s.a"] });
      expect(started).to.deep.equal(["s.a", "flow:2"]);
      expect(await world().status(run.id)).to.equal("failed");
      const events = await world().store.readEvents(run.id, null, 1_000);
      const ends = events.filter(
        (event) => event.type === "run" && (event.data as { status?: string }).status === "failed",
      );
      expect(ends).to.have.length(1);
    });

    it("may be cleaned up after, and the run still fails", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await drive(world().worker, {
        flow: (call) =>
          call.failedStage === "s" && call.completedStage === ""
            ? asksFor(aStage("clean", ["b"]))
            : asksForNothing,
        failing: ["s.a"],
      });
      expect(await world().stages(run.id)).to.deep.equal({ s: "failed", clean: "completed" });
      expect(await world().run(run.id)).to.deep.include({
        status: "failed",
        terminationReason: "step_failed",
      });
    });

    it("is handled by a stage with recover that completes", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const told: string[][] = [];
      await drive(world().worker, {
        flow: (call) => {
          told.push([call.completedStage, call.failedStage]);
          if (call.failedStage === "s") return asksFor(aStage("mend", ["b"], { recover: true }));
          return call.completedStage === "mend"
            ? asksFor(aStage("last", ["c"], { final: true }))
            : asksForNothing;
        },
        failing: ["s.a"],
      });
      expect(told).to.deep.equal([
        ["", "s"],
        ["mend", ""],
      ]);
      expect(await world().stages(run.id)).to.deep.equal({
        s: "failed",
        mend: "completed",
        last: "completed",
      });
      expect(await world().run(run.id)).to.deep.include({
        status: "completed",
        error: null,
        terminationReason: null,
      });
    });

    it("is not handled by a stage with recover that fails", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await drive(world().worker, {
        flow: (call) =>
          call.failedStage === "s" ? asksFor(aStage("mend", ["b"], { recover: true })) : asksForNothing,
        failing: ["s.a", "mend.b"],
      });
      expect(await world().stages(run.id)).to.deep.equal({ s: "failed", mend: "failed" });
      expect(await world().status(run.id)).to.equal("failed");
    });

    it("that was final lets others follow", async () => {
      const run = await world().runWith(aStage("s", ["a"], { final: true }));
      await drive(world().worker, {
        flow: (call) =>
          call.failedStage === "s" && call.completedStage === ""
            ? asksFor(aStage("t", ["b"], { final: true, recover: true }))
            : asksForNothing,
        failing: ["s.a"],
      });
      expect(await world().stages(run.id)).to.deep.equal({ s: "failed", t: "completed" });
      expect(await world().status(run.id)).to.equal("completed");
    });
  });

  describe("a failed flow call", () => {
    it("fails the run with its problem", async () => {
      const { run, call } = await world().called();
      const answer = await world().worker.record(failure(call));
      expect(answer.ended).to.deep.equal([{ runId: run.id, status: "failed" }]);
      const ended = await world().run(run.id);
      expect(ended).to.deep.include({ status: "failed", terminationReason: "flow_failed" });
      expect(ended.error).to.deep.include({ code: "FLOW_FAILED" });
    });

    it("cancels what is pending and puts the word fail on what runs", async () => {
      const { run, call } = await world().called();
      await world().store.scheduleStage(run.id, aStage("s", ["a", "b"]), call);
      const a = await world().worker.claimStep();
      const answer = await world().worker.record(failure(call));
      expect(answer.controls).to.deep.include({ runId: run.id, word: "fail" });
      expect(await world().status(run.id)).to.equal("running");
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "running", "s.b": "cancelled" });
      expect(await world().worker.claimSteps()).to.deep.equal([]);
      const { ended } = await world().worker.record(
        success(a, { result: "aborted", killedBy: "abort", exitCode: null, signal: "SIGTERM" }),
      );
      expect(ended).to.deep.equal([{ runId: run.id, status: "failed" }]);
      expect(await world().run(run.id)).to.deep.include({
        status: "failed",
        terminationReason: "flow_failed",
      });
      expect((await world().step(run.id, "s.a")).status).to.equal("aborted");
      expect(Object.values(await world().stages(run.id))[0]).to.be.oneOf(["failed", "aborted"]);
    });

    it("has no retries: it is not called again", async () => {
      const { call } = await world().called();
      await world().worker.record(failure(call));
      expect(await world().worker.claimCalls()).to.deep.equal([]);
    });

    it("that asks for nothing after a failed stage ends the run as failed", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await world().worker.record(failure(await world().worker.claimStep()));
      const answer = await world().worker.record(success(await world().worker.claimCall()));
      expect(answer.ended).to.deep.equal([{ runId: run.id, status: "failed" }]);
    });

    it("keeps the first reason of the run", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await world().worker.record(failure(await world().worker.claimStep()));
      await world().worker.record(failure(await world().worker.claimCall()));
      expect((await world().run(run.id)).error?.code).to.equal("STEP_FAILED");
    });
  });
}

import { problem } from "@maxq/core";
import { expect } from "chai";
import { aStage } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { failure, output, success } from "../kit/outcomes.js";
import { accepted, type World } from "../kit/world.js";

export function retries(world: () => World): void {
  describe("retries within a step", () => {
    it("are as many as maxRetries says", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", maxRetries: 2 }]));
      const started = await drive(world().worker, { failing: ["s.a"] });
      expect(started.filter((id) => id === "s.a")).to.have.length(3);
      const { step, attempts } = (await world().store.getStep(run.id, "s.a"))!;
      expect(step).to.deep.include({ status: "failed", attempt: 3, exitCode: 1 });
      expect(attempts.map((attempt) => [attempt.attempt, attempt.status, attempt.reason])).to.deep.equal([
        [1, "failed", "failed"],
        [2, "failed", "failed"],
        [3, "failed", "failed"],
      ]);
    });

    it("keep the output and problem of each attempt", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", maxRetries: 1 }]));
      await world().worker.record(
        failure(await world().worker.claimStep(), { exitCode: 7, output: output("first"), cpuMs: 11 }),
      );
      await world().worker.record(success(await world().worker.claimStep(), { output: output("second") }));
      const { attempts, output: last } = (await world().store.getStep(run.id, "s.a"))!;
      expect(attempts[0]).to.deep.include({
        attempt: 1,
        status: "failed",
        exitCode: 7,
        cpuMs: 11,
        reason: "failed",
      });
      expect(attempts[0]!.error?.code).to.equal("STEP_FAILED");
      expect(attempts[0]!.completedAt).to.be.at.least(attempts[0]!.startedAt!);
      expect(attempts[1]).to.deep.include({
        attempt: 2,
        status: "completed",
        exitCode: 0,
        reason: null,
        error: null,
      });
      expect(last.stdout).to.equal("second");
      expect((await world().store.stepOutput(run.id, "s.a", 1))!.stdout).to.equal("first");
    });

    it("say that a timeout was one", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", maxRetries: 1, timeoutMs: 10 }]));
      const timeout = {
        killedBy: "timeout" as const,
        exitCode: null,
        signal: "SIGTERM",
        problem: problem("STEP_TIMEOUT", "it took longer than 10 ms"),
      };
      await world().worker.record(failure(await world().worker.claimStep(), timeout));
      await world().worker.record(failure(await world().worker.claimStep(), timeout));
      const { attempts, step } = (await world().store.getStep(run.id, "s.a"))!;
      expect(attempts.map((attempt) => attempt.reason)).to.deep.equal(["timeout", "timeout"]);
      expect(step).to.deep.include({ status: "failed", signal: "SIGTERM", exitCode: null });
      expect(step.error?.code).to.equal("STEP_TIMEOUT");
    });

    it("start with no fields", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", maxRetries: 1 }]));
      const first = await world().worker.claimStep();
      await world().store.mergeFields(run.id, "s.a", { old: 1 }, first);
      await world().worker.record(failure(first));
      expect((await world().store.listFields(run.id, ["s.a"], null))!.data[0]!.fields).to.deep.equal({});
    });

    it("wait for their delay", async () => {
      const run = await world().runWith(
        aStage("s", [{ name: "a", maxRetries: 1, retryDelayMs: 60_000, retryBackoff: "fixed" }]),
      );
      await world().worker.record(failure(await world().worker.claimStep()));
      expect((await world().step(run.id, "s.a")).status).to.equal("pending");
      expect(await world().worker.claimSteps()).to.deep.equal([]);
      expect(await world().status(run.id)).to.equal("running");
      const inMs = await world().store.runTimers();
      expect(inMs).to.be.a("number");
      expect(inMs).to.be.within(0, 60_000);
      await world().subject.turnClock(61_000);
      await world().store.runTimers();
      await world().worker.record(success(await world().worker.claimStep()));
      expect((await world().step(run.id, "s.a")).status).to.equal("completed");
    });

    it("wait for a step before them that is run again, and then no longer", async () => {
      const run = await world().runWith(
        aStage("s", [
          { name: "a", allowFailure: true },
          { name: "b", dependsOn: ["a"], maxRetries: 1, retryDelayMs: 60_000 },
        ]),
      );
      await world().worker.record(failure(await world().worker.claimStep()));
      await world().worker.record(failure(await world().worker.claimStep()));
      accepted(await world().store.retryStep(run.id, "s.a", false));
      const a = await world().worker.claimStep();
      expect(await world().worker.claimSteps()).to.deep.equal([]);
      await world().worker.record(success(a));
      const b = await world().worker.claimStep();
      await world().subject.turnClock(61_000);
      expect(await world().store.runTimers()).to.equal(null);
      await world().worker.record(success(b));
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "completed", "s.b": "completed" });
    });

    it("that wait are dropped when another step fails its stage", async () => {
      const run = await world().runWith(
        aStage("s", [{ name: "a", maxRetries: 1, retryDelayMs: 60_000 }, "b"]),
      );
      const [a, b] = await world().worker.claimSteps();
      await world().worker.record(failure(a!));
      await world().worker.record(failure(b!));
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "cancelled", "s.b": "failed" });
      expect(await world().stages(run.id)).to.deep.equal({ s: "failed" });
      expect(await world().store.runTimers()).to.equal(null);
    });
  });
}

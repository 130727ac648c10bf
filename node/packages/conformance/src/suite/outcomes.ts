import { expect } from "chai";
import { aStage } from "../kit/a-stage.js";
import { failure, fenced, handedBack, lost, output, success } from "../kit/outcomes.js";
import { TestWorker } from "../kit/test-worker.js";
import type { World } from "../kit/world.js";

export function outcomes(world: () => World): void {
  describe("an outcome", () => {
    it("is kept with everything known of the process", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const task = await world().worker.claimStep();
      const said = output("out \u{1f600}\n", "err\n");
      await world().worker.record(
        success(task, {
          durationMs: 120,
          cpuMs: 30,
          maxRssBytes: 5_000_000_000,
          output: said,
          fields: { n: 0, s: "x" },
        }),
      );
      const { step, attempts, output: kept, key } = (await world().store.getStep(run.id, "s.a"))!;
      expect(step).to.deep.include({
        status: "completed",
        exitCode: 0,
        signal: null,
        error: null,
        cpuMs: 30,
        maxRssBytes: 5_000_000_000,
        attempt: 1,
      });
      expect(step.completedAt).to.be.a("number");
      expect(kept).to.deep.equal(said);
      expect(key).to.equal(task.key);
      expect(attempts).to.have.length(1);
      expect(attempts[0]).to.deep.include({
        attempt: 1,
        status: "completed",
        exitCode: 0,
        reason: null,
        error: null,
      });
      expect(await world().store.stepOutput(run.id, "s.a", 1)).to.deep.equal(said);
      expect(await world().store.stepOutput(run.id, "s.a", 2)).to.equal(null);
      const [fields] = (await world().store.listFields(run.id, ["s.a"], null))!.data;
      expect(fields!.fields).to.deep.equal({ n: 0, s: "x" });
    });

    it("says that nothing was printed by an empty output", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await world().worker.record(success(await world().worker.claimStep()));
      expect((await world().store.getStep(run.id, "s.a"))!.output).to.deep.equal(output(""));
      expect(await world().store.stepOutput(run.id, "s.a", 1)).to.equal(null);
    });

    it("with NUL and broken characters in what was printed is recorded all the same", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const task = await world().worker.claimStep();
      await world().worker.record(
        success(task, {
          output: output("a\0b\ud800c", "\0"),
          fields: { "k\0": "v\0\ud800" },
          warnings: ["w\0"],
        }),
      );
      expect((await world().step(run.id, "s.a")).status).to.equal("completed");
      expect((await world().store.getStep(run.id, "s.a"))!.output.stdout).to.equal("a\ufffdb\ufffdc");
    });

    it("with nothing for the log, and names of fields that are stored alike, is recorded all the same", async () => {
      const run = await world().runWith(aStage("s", ["a", "b"]));
      const [task] = await world().worker.claimSteps();
      await world().worker.record(
        success(task!, { output: output("\0\ud800"), fields: { "k\0": 1, "k\ud800": 2 } }),
      );
      expect((await world().store.getStep(run.id, "s.a"))!.output.stdout).to.equal("\ufffd\ufffd");
      const [fields] = (await world().store.listFields(run.id, ["s.a"], null))!.data;
      expect(fields!.fields).to.deep.equal({ "k\ufffd": 2 });
    });

    it("brings its warnings into the run's log", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await world().worker.record(
        success(await world().worker.claimStep(), { warnings: ["line 1 is no field"] }),
      );
      const { data } = await world().store.listLogs(run.id, {}, { limit: 10, offset: 0, cursor: null });
      expect(data).to.have.length(1);
      expect(data[0]).to.deep.include({
        level: "warn",
        message: "line 1 is no field",
        entityType: "step",
        entityId: "s.a",
      });
    });

    it("that comes twice changes nothing and is told so", async () => {
      const run = await world().runWith(aStage("s", ["a", "b"]));
      const [a] = await world().worker.claimSteps(1);
      expect((await world().worker.record(success(a!))).stale).to.deep.equal([]);
      const before = await world().store.getStep(run.id, "s.a");
      const answer = await world().worker.record(failure(a!, { output: output("late") }));
      expect(answer.stale).to.deep.equal([a!.key]);
      const after = await world().store.getStep(run.id, "s.a");
      expect(after).to.deep.equal(before);
      expect(await world().stages(run.id)).to.deep.equal({ s: "running" });
    });

    it("of another worker's task changes nothing", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const task = await world().worker.claimStep();
      const other = await TestWorker.register(world().store);
      expect((await other.record(success(task))).stale).to.deep.equal([task.key]);
      expect((await world().step(run.id, "s.a")).status).to.equal("running");
    });

    it("of an attempt that was followed by another changes nothing", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", maxRetries: 1 }]));
      const first = await world().worker.claimStep();
      await world().worker.record(failure(first));
      const second = await world().worker.claimStep();
      expect(second.attempt).to.be.above(first.attempt);
      expect((await world().worker.record(success(first))).stale).to.deep.equal([first.key]);
      expect(await world().step(run.id, "s.a")).to.deep.include({
        status: "running",
        attempt: second.attempt,
      });
    });

    it("that came twice in one exchange with good ones leaves the good ones recorded", async () => {
      const run = await world().runWith(aStage("s", ["a", "b"]));
      const [a, b] = await world().worker.claimSteps();
      await world().worker.record(success(a!));
      const answer = await world().worker.record(success(a!), success(b!));
      expect(answer.stale).to.deep.equal([a!.key]);
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "completed", "s.b": "completed" });
      expect(await world().worker.claimCalls()).to.have.length(1);
    });

    it("that comes once more after it has ended its stage changes nothing", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const [a] = await world().worker.claimSteps();
      await world().worker.record(success(a!));
      const events = await world().store.readEvents(run.id, null, 100);
      expect((await world().worker.record(success(a!))).stale).to.deep.equal([a!.key]);
      expect(await world().store.readEvents(run.id, null, 100)).to.deep.equal(events);
      expect(await world().worker.claimCalls()).to.have.length(1);
    });

    it("sent again after an answer that was lost changes nothing", async () => {
      const run = await world().runWith(aStage("s", ["a"], { final: true }));
      const request = { outcomes: [success(await world().worker.claimStep())], freeSteps: 5, freeCalls: 5 };
      expect((await world().worker.exchange(request)).ended).to.deep.equal([
        { runId: run.id, status: "completed" },
      ]);
      const again = await world().worker.exchange(request);
      expect([again.ended, again.claimed]).to.deep.equal([[], []]);
      expect(await world().status(run.id)).to.equal("completed");
    });
  });

  describe("a task that comes back", () => {
    it("released without a start is as it was, and its claim does not count", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a" }]));
      for (let round = 0; round < 6; round++) {
        const { claimed } = await world().worker.exchange({ aheadSteps: 1 });
        expect(claimed).to.have.length(1);
        await world().worker.exchange({ released: [claimed[0]!] });
        expect((await world().step(run.id, "s.a")).status).to.equal("pending");
      }
      expect((await world().store.getStep(run.id, "s.a"))!.attempts).to.deep.equal([]);
      await world().worker.record(success(await world().worker.claimStep()));
      expect((await world().store.getStep(run.id, "s.a"))!.attempts).to.have.length(1);
    });

    it("released twice, or by another, changes nothing", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const { claimed } = await world().worker.exchange({ aheadSteps: 1 });
      const other = await TestWorker.register(world().store);
      await other.exchange({ released: [claimed[0]!] });
      expect((await world().step(run.id, "s.a")).status).to.equal("running");
      await world().worker.exchange({ released: [claimed[0]!] });
      const again = await other.claimStep();
      await world().worker.exchange({ released: [claimed[0]!] });
      expect((await world().step(run.id, "s.a")).status).to.equal("running");
      await other.record(success(again));
      expect((await world().step(run.id, "s.a")).status).to.equal("completed");
    });

    it("handed back by a drain is pending again and has used no retry", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", maxRetries: 0 }]));
      for (let round = 0; round < 5; round++) {
        await world().worker.record(handedBack(await world().worker.claimStep()));
        expect((await world().step(run.id, "s.a")).status).to.equal("pending");
      }
      await world().worker.record(success(await world().worker.claimStep()));
      const { attempts, step } = (await world().store.getStep(run.id, "s.a"))!;
      expect(step.status).to.equal("completed");
      expect(attempts.map((attempt) => attempt.reason)).to.deep.equal([
        "drain",
        "drain",
        "drain",
        "drain",
        "drain",
        null,
      ]);
      expect(attempts.map((attempt) => attempt.attempt)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    });

    it("killed for want of a lease is pending again, says so, and has used no retry", async () => {
      const { run: other, call } = await world().called();
      await world().worker.record(fenced(call));
      await world().worker.record(success(await world().worker.claimCall()));
      const run = await world().runWith(aStage("s", [{ name: "a", maxRetries: 0 }]));
      await world().worker.record(fenced(await world().worker.claimStep()));
      await world().worker.record(success(await world().worker.claimStep()));
      for (const [runId, id] of [
        [run.id, "s.a"],
        [other.id, "flow:1"],
      ] as const) {
        const { attempts } = (await world().store.getStep(runId, id))!;
        expect(attempts.map(({ status, reason }) => [status, reason])).to.deep.equal([
          ["aborted", "fenced"],
          ["completed", null],
        ]);
      }
    });

    it("handed back by a drain holds for flow calls too", async () => {
      const { run, call } = await world().called();
      await world().worker.record(handedBack(call));
      expect(await world().status(run.id)).to.equal("running");
      const again = await world().worker.claimCall();
      expect(again).to.deep.include({ id: "flow:1", key: call.key });
      expect(again.attempt).to.be.above(call.attempt);
    });

    it("lost is started again three times, then fails", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", maxRetries: 0 }]));
      for (let round = 0; round < 3; round++) {
        await world().worker.record(lost(await world().worker.claimStep()));
        expect((await world().step(run.id, "s.a")).status).to.equal("pending");
      }
      await world().worker.record(lost(await world().worker.claimStep()));
      const { step, attempts } = (await world().store.getStep(run.id, "s.a"))!;
      expect(step.status).to.equal("failed");
      expect(step.error?.code).to.equal("WORKER_LOST");
      expect(attempts.map((attempt) => attempt.reason)).to.deep.equal(Array(4).fill("worker_lost"));
      expect(await world().stages(run.id)).to.deep.equal({ s: "failed" });
    });

    it("lost does not use up its retries", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", maxRetries: 1 }]));
      await world().worker.record(lost(await world().worker.claimStep()));
      await world().worker.record(lost(await world().worker.claimStep()));
      await world().worker.record(failure(await world().worker.claimStep()));
      await world().worker.record(success(await world().worker.claimStep()));
      expect((await world().step(run.id, "s.a")).status).to.equal("completed");
    });

    it("lost fails at once where the step says so", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", onLost: "fail", maxRetries: 5 }]));
      await world().worker.record(lost(await world().worker.claimStep()));
      const step = await world().step(run.id, "s.a");
      expect([step.status, step.error?.code]).to.deep.equal(["failed", "WORKER_LOST"]);
    });
  });
}

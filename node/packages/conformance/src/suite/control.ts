import { expect } from "chai";
import { aStage, asksFor } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { aborted, failure, lost, success } from "../kit/outcomes.js";
import { accepted, codeOf, type World } from "../kit/world.js";

const noRun = "00000000-0000-4000-8000-000000000000";

export function control(world: () => World): void {
  describe("pausing", () => {
    it("lets what runs finish and gives out nothing new", async () => {
      const run = await world().runWith(aStage("s", ["a", "b", { name: "c", dependsOn: ["a"] }]));
      const a = await world().worker.claimStep();
      expect(accepted(await world().store.pauseRun(run.id)).run.status).to.equal("paused");
      const { claimed, controls } = await world().worker.exchange({
        outcomes: [success(a)],
        freeSteps: 10,
        freeCalls: 10,
      });
      expect(claimed).to.deep.equal([]);
      expect(controls).to.deep.include({ runId: run.id, word: "pause" });
      expect(await world().steps(run.id)).to.deep.equal({
        "s.a": "completed",
        "s.b": "pending",
        "s.c": "pending",
      });
    });

    it("goes on exactly there", async () => {
      const run = await world().runWith(
        aStage("s", ["a", "b", { name: "c", dependsOn: ["a"] }], { final: true }),
      );
      const a = await world().worker.claimStep();
      await world().store.pauseRun(run.id);
      await world().worker.record(success(a));
      expect(accepted(await world().store.resumeRun(run.id)).run.status).to.equal("running");
      const claimed = await world().worker.claimSteps();
      expect(claimed.map((task) => task.id)).to.have.members(["s.b", "s.c"]);
      await world().worker.record(...claimed.map((task) => success(task)));
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("holds the call of a stage that completes meanwhile", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const a = await world().worker.claimStep();
      await world().store.pauseRun(run.id);
      await world().worker.record(success(a));
      expect(await world().worker.claimCalls()).to.deep.equal([]);
      await world().store.resumeRun(run.id);
      expect((await world().worker.claimCall()).completedStage).to.equal("s");
    });

    it("of a run that never started leaves it pending after", async () => {
      const run = await world().create();
      expect(accepted(await world().store.pauseRun(run.id)).run.status).to.equal("paused");
      expect(await world().worker.claimCalls()).to.deep.equal([]);
      expect(accepted(await world().store.resumeRun(run.id)).run.status).to.equal("pending");
      expect((await world().worker.claimCall()).runId).to.equal(run.id);
    });

    it("holds a stage that is scheduled meanwhile", async () => {
      const { run, call } = await world().called();
      await world().store.pauseRun(run.id);
      accepted(await world().store.scheduleStage(run.id, aStage("s", ["a"]), call));
      expect(await world().worker.claimSteps()).to.deep.equal([]);
      await world().worker.record(success(call));
      await world().store.resumeRun(run.id);
      expect((await world().worker.claimStep()).id).to.equal("s.a");
    });

    it("holds a retry that comes due meanwhile", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", maxRetries: 1, retryDelayMs: 1_000 }]));
      await world().worker.record(failure(await world().worker.claimStep()));
      await world().store.pauseRun(run.id);
      await world().subject.turnClock(2_000);
      await world().store.runTimers();
      expect(await world().worker.claimSteps()).to.deep.equal([]);
      await world().store.resumeRun(run.id);
      await world().store.runTimers();
      expect((await world().worker.claimStep()).attempt).to.equal(2);
    });

    it("does not end a run with nothing left but steps that wait", async () => {
      const run = await world().runWith(aStage("s", ["a", "b"], { final: true }));
      const a = await world().worker.claimStep();
      await world().store.pauseRun(run.id);
      await world().worker.record(success(a));
      expect(await world().status(run.id)).to.equal("paused");
      await world().store.resumeRun(run.id);
      await drive(world().worker);
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("does not end a run of which nothing is left until it is resumed", async () => {
      const { run, call } = await world().called();
      await world().store.pauseRun(run.id);
      await world().worker.record(success(call));
      expect(await world().status(run.id)).to.equal("paused");
      expect(accepted(await world().store.resumeRun(run.id)).run.status).to.equal("completed");
    });

    it("twice, and resuming what is not paused, changes nothing", async () => {
      const { run } = await world().called();
      expect(accepted(await world().store.resumeRun(run.id)).run.status).to.equal("running");
      await world().store.pauseRun(run.id);
      expect(accepted(await world().store.pauseRun(run.id)).run.status).to.equal("paused");
      await world().store.resumeRun(run.id);
      expect(accepted(await world().store.resumeRun(run.id)).run.status).to.equal("running");
    });

    it("is refused on a run that is over, or is none", async () => {
      const { run, call } = await world().called();
      await world().worker.record(success(call));
      expect(codeOf(await world().store.pauseRun(run.id))).to.equal("RUN_OVER");
      expect(codeOf(await world().store.resumeRun(run.id))).to.equal("RUN_OVER");
      expect(codeOf(await world().store.pauseRun(noRun))).to.equal("RUN_NOT_FOUND");
      expect(codeOf(await world().store.resumeRun(noRun))).to.equal("RUN_NOT_FOUND");
    });

    it("and resuming a big run many times loses nothing", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", instances: 2_500 }], { final: true }));
      for (let round = 0; round < 3; round++) {
        await world().store.pauseRun(run.id);
        expect(await world().worker.claimSteps(5_000)).to.deep.equal([]);
        await world().store.resumeRun(run.id);
        const claimed = await world().worker.claimSteps(500);
        expect(claimed).to.have.length(500);
        await world().worker.record(...claimed.map((task) => success(task)));
      }
      await drive(world().worker, { slots: 500 });
      expect(await world().status(run.id)).to.equal("completed");
      expect((await world().store.listStages(run.id))[0]!.counts.completed).to.equal(2_500);
    });
  });

  describe("aborting", () => {
    it("ends a run without processes at once", async () => {
      const run = await world().runWith(aStage("s", ["a", { name: "b", dependsOn: ["a"] }]));
      const answer = accepted(await world().store.abortRun(run.id));
      expect(answer.active).to.equal(0);
      expect(answer.run).to.deep.include({ status: "aborted", terminationReason: "aborted" });
      expect(answer.run.error?.code).to.equal("RUN_ABORTED");
      expect(
        Object.values(await world().steps(run.id)).every(
          (status) => status === "cancelled" || status === "aborted",
        ),
      ).to.equal(true);
      expect(await world().stages(run.id)).to.deep.equal({ s: "aborted" });
      expect(await world().worker.claimSteps()).to.deep.equal([]);
    });

    it("of a run that never started leaves no call", async () => {
      const run = await world().create();
      expect(accepted(await world().store.abortRun(run.id)).run.status).to.equal("aborted");
      expect(await world().worker.claimCalls()).to.deep.equal([]);
    });

    it("waits for the last process, whose outcomes are not undone", async () => {
      const run = await world().runWith(aStage("s", ["a", "b", "c"]));
      const [a, b] = await world().worker.claimSteps(2);
      const answer = accepted(await world().store.abortRun(run.id));
      expect([answer.active, answer.run.status]).to.deep.equal([2, "running"]);
      const first = await world().worker.record(success(a!));
      expect(first.ended).to.deep.equal([]);
      expect(first.controls).to.deep.include({ runId: run.id, word: "abort" });
      expect((await world().worker.record(aborted(b!))).ended).to.deep.equal([
        { runId: run.id, status: "aborted" },
      ]);
      const statuses = await world().steps(run.id);
      expect(statuses).to.deep.include({ "s.a": "completed", "s.b": "aborted" });
      expect(statuses["s.c"]).to.be.oneOf(["cancelled", "aborted"]);
      expect(await world().status(run.id)).to.equal("aborted");
    });

    it("tells workers by their heartbeat", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await world().worker.claimStep();
      await world().store.abortRun(run.id);
      const answer = await world().store.renewLease(world().worker.key);
      expect(answer).to.deep.include({ reason: "renewed", controls: [{ runId: run.id, word: "abort" }] });
    });

    it("tells who listens", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await world().worker.claimStep();
      const heard: unknown[] = [];
      const stop = world().store.onWakeUp((wakeUp) => heard.push(wakeUp));
      await world().store.abortRun(run.id);
      stop();
      expect(heard).to.deep.include({ reason: "control", runId: run.id });
    });

    it("starts no retry and no callback", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", maxRetries: 5 }]));
      const a = await world().worker.claimStep();
      await world().store.abortRun(run.id);
      await world().worker.record(aborted(a));
      expect(await world().worker.claimSteps()).to.deep.equal([]);
      expect(await world().worker.claimCalls()).to.deep.equal([]);
    });

    it("ends with the rescue of the worker that had the last process", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const a = await world().worker.claimStep();
      await world().store.abortRun(run.id);
      await world().worker.record(lost(a));
      expect(await world().status(run.id)).to.equal("aborted");
    });

    it("drops what the flow call asked for", async () => {
      const { run, call } = await world().called();
      await world().store.abortRun(run.id);
      await world().worker.record(success(call, { document: asksFor(aStage("s", ["a"])) }));
      expect(await world().status(run.id)).to.equal("aborted");
      expect(await world().stages(run.id)).to.deep.equal({});
    });

    it("refuses new stages meanwhile", async () => {
      const { run, call } = await world().called();
      await world().store.abortRun(run.id);
      expect(codeOf(await world().store.scheduleStage(run.id, aStage("s", ["a"]), call))).to.equal(
        "RUN_OVER",
      );
    });

    it("of a paused run works", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await world().store.pauseRun(run.id);
      expect(accepted(await world().store.abortRun(run.id)).run.status).to.equal("aborted");
    });

    it("hands out a released step no more, and counts it as no process", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const { claimed } = await world().worker.exchange({ aheadSteps: 1 });
      expect(accepted(await world().store.abortRun(run.id)).active).to.equal(0);
      const answer = await world().worker.exchange({ released: [claimed[0]!], freeSteps: 1 });
      expect(answer.claimed).to.deep.equal([]);
      await world().store.runTimers();
      expect(await world().status(run.id)).to.equal("aborted");
    });

    it("twice changes nothing; of what is over otherwise it is refused", async () => {
      const first = await world().create();
      await world().store.abortRun(first.id);
      const before = await world().run(first.id);
      expect(accepted(await world().store.abortRun(first.id))).to.deep.equal({
        reason: "aborting",
        run: before,
        active: 0,
      });
      const { run, call } = await world().called();
      await world().worker.record(success(call));
      expect(codeOf(await world().store.abortRun(run.id))).to.equal("RUN_OVER");
      expect(codeOf(await world().store.abortRun(noRun))).to.equal("RUN_NOT_FOUND");
    });

    it("sweeps a big run", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", instances: 3_500 }]));
      expect(accepted(await world().store.abortRun(run.id)).run.status).to.equal("aborted");
      const counts = (await world().store.listStages(run.id))[0]!.counts;
      expect(counts.cancelled + counts.aborted).to.equal(3_500);
    });
  });
}

import type { ClaimedTask, ExchangeAnswer, Outcome } from "@maxq/db";
import { expect } from "chai";
import { aStage } from "../kit/a-stage.js";
import { failure, output, success } from "../kit/outcomes.js";
import { TestWorker } from "../kit/test-worker.js";
import { accepted, type World } from "../kit/world.js";

const ids = (tasks: readonly ClaimedTask[]) => tasks.map((task) => task.id);

/** Stores have a way of their own for this, because chains consist of it: what is true of all exchanges must be true of these. */
export function oneByOne(world: () => World): void {
  describe("a step that ends alone, with nothing else to claim", () => {
    function ended(outcome: Outcome, freeSteps = 10): Promise<ExchangeAnswer> {
      const nowhere = { lookForSteps: false, lookForCalls: false };
      return world().worker.exchange({ outcomes: [outcome], freeSteps, freeCalls: 4, ...nowhere });
    }

    it("is followed by what waits for it alone, as a task that says everything", async () => {
      const entries = ["a", { name: "b", dependsOn: ["a"], env: { K: "\u00e9 \"'" }, timeoutMs: 5000 }, "c"];
      const run = await world().runWith(aStage("s", entries), { flowName: "other \"'" });
      const a = await world().worker.claimStep();
      const [c] = await world().worker.claimSteps(1);
      const { claimed, stale, controls } = await ended(success(a));
      expect(claimed).to.have.length(1);
      const b = claimed[0]!;
      const { runId, flowName, kind, stageName, stageKey, attempt } = a;
      expect(b).to.deep.include({
        runId,
        flowName,
        kind,
        stageName,
        stageKey,
        attempt,
        key: b.key,
        id: "s.b",
        name: "b",
        sequence: b.sequence,
        env: b.env,
        timeoutMs: 5000,
      });
      expect(b.env).to.deep.equal({ K: "\u00e9 \"'" });
      expect([stale, controls]).to.deep.equal([[], []]);
      expect(await world().steps(run.id)).to.deep.equal({
        "s.a": "completed",
        "s.b": "running",
        "s.c": "running",
      });
      expect((await world().step(run.id, "s.b")).startedAt).to.be.a("number");
      await world().worker.record(success(b), success(c!));
    });

    it("has its output, its times and what it used kept", async () => {
      const run = await world().runWith(aStage("s", ["a", "b"]));
      const a = await world().worker.claimStep();
      const said = output("out \u{1f600}\0\n", "err\n");
      await ended(success(a, { output: said, cpuMs: 30, maxRssBytes: 5_000_000_000 }), 1);
      const { step, output: kept } = (await world().store.getStep(run.id, "s.a"))!;
      expect(kept).to.deep.equal({ ...said, stdout: "out \u{1f600}\ufffd\n" });
      expect(step).to.deep.include({
        status: "completed",
        exitCode: 0,
        cpuMs: 30,
        maxRssBytes: 5_000_000_000,
        attempt: 1,
      });
      expect(step.startedAt! <= step.completedAt!).to.equal(true);
    });

    it("frees nothing that waits for another, too", async () => {
      const run = await world().runWith(
        aStage("s", ["a", "b", { name: "c", dependsOn: ["a", "b"] }], { final: true }),
      );
      const [a, b] = await world().worker.claimSteps();
      expect(ids((await ended(success(a!))).claimed)).to.deep.equal([]);
      expect(ids((await ended(success(b!))).claimed)).to.deep.equal(["s.c"]);
      expect(await world().status(run.id)).to.equal("running");
    });

    it("frees all that wait for it", async () => {
      await world().runWith(aStage("s", ["a", ...["b", "c"].map((name) => ({ name, dependsOn: ["a"] }))]));
      const a = await world().worker.claimStep();
      expect(ids((await ended(success(a))).claimed)).to.deep.equal(["s.b", "s.c"]);
    });

    it("opens a barrier if it is the last before it", async () => {
      const entries = [
        { name: "a", instances: 2 },
        { name: "b", instances: 2, dependsOn: ["a"] },
      ];
      await world().runWith(aStage("s", entries));
      const [first, second] = await world().worker.claimSteps();
      expect(ids((await ended(success(first!))).claimed)).to.deep.equal([]);
      expect(ids((await ended(success(second!))).claimed)).to.deep.equal(["s.b.0", "s.b.1"]);
    });

    it("changes nothing if the attempt is no longer the worker's", async () => {
      const run = await world().runWith(
        aStage("s", ["a", { name: "b", dependsOn: ["a"] }, "c"], { final: true }),
      );
      const a = await world().worker.claimStep();
      await ended(success(a));
      for (const outcome of [success(a), success(a, { attempt: 2 }), success(a, { output: output("again") })])
        expect((await ended(outcome)).stale).to.deep.equal([a.key]);
      expect(await world().steps(run.id)).to.deep.include({ "s.a": "completed", "s.b": "running" });
      expect((await world().store.getStep(run.id, "s.a"))!.output.stdout).to.equal("");
      expect((await world().store.getRun(run.id))!.status).to.equal("running");
    });

    it("ends its stage, and its run, if it is the last", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const a = await world().worker.claimStep();
      const { claimed } = await ended(success(a));
      expect(claimed.map(({ kind, completedStage }) => [kind, completedStage])).to.deep.equal([
        ["flow", "s"],
      ]);
      const { ended: runs } = await world().worker.record(success(claimed[0]!));
      expect(runs).to.deep.equal([{ runId: run.id, status: "completed" }]);
      const last = await world().runWith(aStage("s", ["a"], { final: true }));
      expect((await ended(success(await world().worker.claimStep()))).ended).to.deep.equal([
        { runId: last.id, status: "completed" },
      ]);
      const { completedAt, status, output: result } = await world().run(last.id);
      expect([typeof completedAt, status, result]).to.deep.equal(["number", "completed", null]);
      expect(await world().stages(last.id)).to.deep.equal({ s: "completed" });
      const events = await world().store.readEvents(last.id, null, 1000);
      expect(events.slice(-3).map(({ type, data }) => [type, data])).to.deep.equal([
        ["step", { id: "s.a", status: "completed", attempt: 1, exitCode: 0 }],
        ["stage", { name: "s", status: "completed" }],
        ["run", { status: "completed" }],
      ]);
    });

    it("ends no run with its final stage that has something else open, or on which a word stands", async () => {
      const final = aStage("s", ["a"], { final: true });
      const beside = await world().runWith(aStage("t", ["a"]));
      accepted(await world().store.scheduleStage(beside.id, final, null));
      const [first, second] = (await world().worker.claimSteps()).toSorted((a, b) => b.key - a.key);
      expect((await ended(success(first!))).ended).to.deep.equal([]);
      expect(await world().stages(beside.id)).to.deep.include({ s: "completed" });
      expect((await ended(success(second!))).ended).to.have.length(1);
      const paused = await world().runWith(final);
      const task = await world().worker.claimStep();
      await world().store.pauseRun(paused.id);
      expect((await ended(success(task))).ended).to.deep.equal([]);
      expect(await world().status(paused.id)).to.equal("paused");
      await world().store.resumeRun(paused.id);
    });

    it("starts nothing of a run on which a word stands, and hears of it", async () => {
      const run = await world().runWith(aStage("s", ["a", { name: "b", dependsOn: ["a"] }]));
      const a = await world().worker.claimStep();
      await world().store.pauseRun(run.id);
      const { claimed, controls } = await ended(success(a));
      expect(claimed).to.deep.equal([]);
      expect(controls).to.deep.equal([{ runId: run.id, word: "pause" }]);
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "completed", "s.b": "pending" });
    });

    it("keeps to maxParallel", async () => {
      await world().runWith(aStage("s", ["a", "b", { name: "c", dependsOn: ["a"] }], { maxParallel: 1 }));
      const a = await world().worker.claimStep();
      expect((await ended(success(a))).claimed.length).to.be.at.most(1);
      expect((await world().worker.claimSteps()).length).to.be.at.most(1);
    });

    it("starts nothing more of a stage that fails fast", async () => {
      const run = await world().runWith(
        aStage("s", ["a", "b", { name: "c", dependsOn: ["a"] }], { failFast: true }),
      );
      const [a, b] = await world().worker.claimSteps(2);
      await world().worker.record(failure(b!));
      expect(ids((await ended(success(a!))).claimed)).to.not.include("s.c");
      expect((await world().steps(run.id))["s.c"]).to.equal("cancelled");
    });

    it("gets nothing for a worker whose registration is over, nor for a round that is", async () => {
      const run = await world().runWith(
        aStage("s", ["a", { name: "b", dependsOn: ["a"] }, { name: "c", dependsOn: ["b"] }]),
      );
      const a = await world().worker.claimStep();
      await world().store.ownedTasks(world().worker.key, 1);
      expect((await ended(success(a))).claimed).to.deep.equal([]);
      expect(await world().steps(run.id)).to.deep.include({ "s.a": "completed", "s.b": "pending" });
      const other = await TestWorker.register(world().store);
      const b = await other.claimStep();
      await world().store.rescueWorker(
        other.key,
        (await world().store.listLeases(null)).find(({ workerKey }) => workerKey === other.key)!.renewals,
      );
      const late = await other.exchange({
        outcomes: [success(b)],
        freeSteps: 1,
        lookForSteps: false,
        lookForCalls: false,
      });
      expect([late.stale, late.claimed]).to.deep.equal([[b.key], []]);
    });

    it("is told of in events, in order", async () => {
      const run = await world().runWith(aStage("s", ["a", { name: "b", dependsOn: ["a"] }]));
      const a = await world().worker.claimStep();
      const before = (await world().store.readEvents(run.id, null, 1000)).at(-1)!.id;
      await ended(success(a));
      const events = await world().store.readEvents(run.id, before, 1000);
      expect(events.map(({ type, data }) => [type, data])).to.deep.equal([
        ["step", { id: "s.a", status: "completed", attempt: 1, exitCode: 0 }],
        ["step", { id: "s.b", status: "running", attempt: 1 }],
      ]);
    });
  });
}

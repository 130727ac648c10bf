import { randomInt } from "node:crypto";
import { expect } from "chai";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { rowsLeft } from "../kit/left.js";
import { failure, output, success } from "../kit/outcomes.js";
import { first } from "../kit/pages.js";
import { pruneAll, ruleOf, rules } from "../kit/prune.js";
import { accepted, codeOf, type World } from "../kit/world.js";

const hour = 3_600_000;

export function retention(world: () => World): void {
  describe("retention", () => {
    it("removes finished runs whose end is longer ago than the age", async () => {
      const [old] = await completed(1);
      await world().subject.turnClock(2 * hour);
      const [young] = await completed(1);
      const request = { rules: rules({ olderThanMs: hour }) };
      expect(await pruneAll(world().store, request)).to.include({ runs: 1, steps: 1 });
      expect(await there()).to.deep.equal([young]);
      expect(await world().store.getRun(old!)).to.equal(null);
    });

    it("counts the age from a run's end, not from its creation", async () => {
      const run = await world().create();
      await world().subject.turnClock(2 * hour);
      await drive(world().worker);
      expect(await pruneAll(world().store, { rules: rules({ olderThanMs: hour }) })).to.include({ runs: 0 });
      expect(await there()).to.deep.equal([run.id]);
    });

    it("keeps the newest of each flow", async () => {
      const [, a2, a3] = await completed(3, "a");
      const b = await completed(2, "b");
      expect(await pruneAll(world().store, { rules: rules({ keep: 2 }), rows: 1 })).to.include({ runs: 1 });
      expect(await there()).to.have.members([a2, a3, ...b]);
    });

    it("lets a run go when either says so", async () => {
      const [first1, second1] = await completed(2);
      await world().subject.turnClock(2 * hour);
      const young = await completed(3);
      await pruneAll(world().store, { rules: rules({ olderThanMs: hour, keep: 4 }) });
      expect(await there()).to.have.members(young);
      expect(await world().store.getRun(first1!)).to.equal(null);
      expect(await world().store.getRun(second1!)).to.equal(null);
      await pruneAll(world().store, { rules: rules({ olderThanMs: hour, keep: 2 }) });
      expect(await there()).to.have.members(young.slice(1));
    });

    it("goes by a flow's own rule where it has one", async () => {
      await completed(2, "a");
      const kept = await completed(2, "kept");
      const [, b2] = await completed(2, "b");
      await pruneAll(world().store, {
        rules: rules({ keep: 0, flows: { kept: ruleOf({}), b: ruleOf({ keep: 1 }) } }),
      });
      expect(await there()).to.have.members([...kept, b2]);
    });

    it("prunes one flow alone where it is named", async () => {
      const a = await completed(2, "a");
      await completed(2, "b");
      await pruneAll(world().store, { rules: rules({ keep: 0 }), flowName: "b" });
      expect(await there()).to.have.members(a);
      expect(await pruneAll(world().store, { rules: rules({ keep: 0 }), flowName: "none" })).to.include({
        runs: 0,
      });
    });

    it("removes nothing where no rule says so", async () => {
      const runs = await completed(2);
      expect(await pruneAll(world().store, { rules: rules({}) })).to.include({ runs: 0 });
      expect(await there()).to.have.members(runs);
    });

    it("removes nothing but what is over and belongs to nothing that is not", async () => {
      const { pending, running, paused } = await open();
      const family = await families(running);
      const over = await finished();
      await pruneAll(world().store, { rules: rules({ keep: 0 }), rows: 20 });
      const kept = [pending, running, paused, family.childOfOpen, family.parentOfOpen, family.openChild];
      expect(await there()).to.have.members(kept);
      for (const id of [...over, family.childOfOver, family.parentOfOver])
        expect(await world().store.getRun(id)).to.equal(null);
    });

    it("takes what belonged together once all of it is over", async () => {
      const parent = await world().create();
      const call = await world().worker.claimCall();
      await world().create({ parentRunId: parent.id });
      await world().worker.record(success(await world().worker.claimCall()));
      expect(await pruneAll(world().store, { rules: rules({ keep: 0 }) })).to.include({ runs: 0 });
      await world().worker.record(success(call));
      expect(await pruneAll(world().store, { rules: rules({ keep: 0 }) })).to.include({ runs: 2 });
      expect(await rowsLeft(world())).to.deep.equal({});
    });

    it("says beforehand what would go, and removes nothing", async () => {
      const runs = await completed(5);
      const before = await rowsLeft(world());
      const request = { rules: rules({ keep: 2 }), rows: 20 };
      const would = await pruneAll(world().store, { ...request, dryRun: true });
      expect(would).to.include({ runs: 3, steps: 3 });
      expect(would.bytes).to.be.within(3 * 2_000, 3 * 20_000);
      expect(await rowsLeft(world())).to.deep.equal(before);
      expect(await pruneAll(world().store, request)).to.include({ runs: 3, steps: 3 });
      expect(await there()).to.have.members(runs.slice(3));
    });

    it("says how many bytes would go, of text that is not English too", async () => {
      // Random, so that no store makes less of it; three bytes each.
      const text = String.fromCharCode(...Array.from({ length: 20_000 }, () => 0x4e00 + randomInt(20_000)));
      const { id } = await world().create({ input: text });
      accepted(await world().store.abortRun(id));
      const request = { rules: rules({ keep: 0 }), dryRun: true };
      expect((await pruneAll(world().store, request)).bytes).to.be.within(50_000, 80_000);
    });

    it("takes a large run in pieces, of which nothing is seen from the first one on", async () => {
      const gone = await aRichRun("k");
      const kept = await aRichRun("l");
      const before = await everything(kept);
      const request = { rules: rules({ keep: 1 }), rows: 8 };
      let pieces = 0;
      await pruneAll(world().store, request, async () => {
        await nothingIsSeenOf(gone);
        if (pieces++ % 4 === 0) expect(await world().store.verify()).to.deep.equal([]);
      });
      expect(pieces).to.be.greaterThan(8);
      expect(await everything(kept)).to.deep.equal(before);
      await pruneAll(world().store, { rules: rules({ keep: 0 }), rows: 4 });
      expect(await rowsLeft(world())).to.deep.equal({});
    });

    it("counts the events of a run among the rows that one batch may take", async () => {
      for (let n = 0; n < 2; n++) accepted(await world().store.abortRun((await world().create()).id));
      const request = { rules: rules({ keep: 0 }), flowName: null, place: null, dryRun: false };
      // Either has 8 rows beside its events: without them two would fit.
      expect((await world().store.prune({ ...request, rows: 17 })).runs).to.equal(1);
    });

    it("goes on with what was begun and cut off, whoever comes, whatever the rules say by then", async () => {
      await aRichRun("k");
      const request = { rules: rules({ keep: 0 }), flowName: null, place: null, rows: 4, dryRun: false };
      const { runs } = await world().store.prune(request);
      expect(runs).to.equal(1);
      expect(await rowsLeft(world())).to.include({ run: 1 });
      const { other } = world().subject;
      while (await other.removeMarked(4));
      expect(await rowsLeft(world())).to.deep.equal({});
    });

    it("deletes a run of many steps in pieces as well, and lets others write in between", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", instances: 800 }], { final: true }));
      await drive(world().worker, { slots: 1_000 });
      const ends: string[] = [];
      await Promise.all([
        world()
          .store.deleteRun(run.id)
          .then((answer) => ends.push(accepted(answer).reason)),
        world()
          .store.replaceSetting("meanwhile", "x")
          .then(() => ends.push("written")),
      ]);
      expect(ends).to.deep.equal(["written", "deleted"]);
      expect(await rowsLeft(world())).to.deep.equal({});
      expect(codeOf(await world().store.deleteRun(run.id))).to.equal("RUN_NOT_FOUND");
    });

    it("gives the turn to one at a time, and to the next when it was not asked for again", async () => {
      const { store } = world();
      expect(await store.takePruneTurn("a", 1_000)).to.equal(true);
      expect(await store.takePruneTurn("b", 1_000)).to.equal(false);
      expect(await store.takePruneTurn("a", 1_000)).to.equal(true);
      await world().subject.turnClock(1_001);
      expect(await store.takePruneTurn("b", 0)).to.equal(true);
      await world().subject.turnClock(1);
    });
  });

  /** Ids of all runs, as the list has them. */
  async function there(): Promise<string[]> {
    const page = await world().store.listRuns({}, first(100));
    expect(page.total).to.equal(page.data.length);
    return page.data.map(({ id }) => id);
  }

  /** Runs of one step that completed, oldest first, a millisecond apart. */
  async function completed(count: number, flowName = "demo"): Promise<string[]> {
    const ids: string[] = [];
    for (let n = 0; n < count; n++) {
      await world().subject.turnClock(1);
      ids.push((await world().runWith(aStage("s", ["a"], { final: true }), { flowName })).id);
      await drive(world().worker, { step: (task) => success(task, { output: output("x") }) });
    }
    return ids;
  }

  /** One of each state that is not over. */
  async function open(): Promise<{ pending: string; running: string; paused: string }> {
    const { run: running } = await world().called();
    const pending = await world().create();
    const paused = await world().create();
    accepted(await world().store.pauseRun(paused.id));
    accepted(await world().store.pauseRun(pending.id));
    return { pending: pending.id, running: running.id, paused: paused.id };
  }

  /** A run in each state in which it is over. */
  async function finished(): Promise<string[]> {
    const done = await world().create();
    await drive(world().worker);
    const bad = await world().create();
    await drive(world().worker, { flow: (call) => failure(call) });
    const cut = await world().create();
    await world().store.abortRun(cut.id);
    return [done.id, bad.id, cut.id];
  }

  async function families(running: string): Promise<Record<Family, string>> {
    const childOfOpen = await world().create({ parentRunId: running });
    const parentOfOpen = await world().create();
    const parentOfOver = await world().create();
    await drive(world().worker);
    const childOfOver = await world().create({ parentRunId: parentOfOver.id });
    await drive(world().worker);
    const openChild = await world().create({ parentRunId: parentOfOpen.id });
    accepted(await world().store.pauseRun(openChild.id));
    const all = { childOfOpen, parentOfOpen, parentOfOver, childOfOver, openChild };
    const ids = Object.entries(all).map(([name, { id }]) => [name, id]);
    return Object.fromEntries(ids) as Record<Family, string>;
  }

  /** A run with rows in every table, several in most. */
  async function aRichRun(key: string): Promise<string> {
    const steps = [
      "a",
      { name: "g", instances: 12 },
      { name: "b", dependsOn: ["a", "g"], maxRetries: 1, env: { A: "1" } },
      { name: "c", dependsOn: ["g"], instances: 6 },
    ];
    const { run, call } = await world().called({
      idempotency: { key, bodyHash: "h" },
      metadata: { team: "x" },
    });
    await world().store.runInput(run.id); // as for its first script: from now on it is read
    for (let n = 0; n < 5; n++) await world().store.putArtifact(run.id, `x${n}`, n, null);
    await world().store.scheduleStage(run.id, aStage("s", steps), call);
    await world().worker.record(success(call, { output: output("x") }));
    const next = asksFor(aStage("t", ["last"], { final: true, recover: true }));
    await drive(world().worker, {
      failing: ["s.b"],
      flow: (again) => (again.failedStage === "s" ? next : asksForNothing),
      step: (task) => success(task, { output: output("x"), fields: { f: 1 }, warnings: ["w"] }),
    });
    return run.id;
  }

  async function everything(runId: string): Promise<unknown> {
    const { store } = world();
    return {
      run: await store.getRun(runId),
      stages: await store.listStages(runId),
      steps: await store.listSteps(runId, {}, first(100)),
      calls: await store.listFlowCalls(runId),
      step: await store.getStep(runId, "s.b"),
      fields: await store.listFields(runId, null, null),
      artifacts: await store.listArtifacts(runId, first(100)),
      logs: await store.listLogs(runId, {}, first(100)),
      events: await store.readEvents(runId, null, 1_000),
    };
  }

  async function nothingIsSeenOf(runId: string): Promise<void> {
    const { store } = world();
    expect(await store.getRun(runId)).to.equal(null);
    expect(await store.runInput(runId)).to.equal(null);
    expect((await store.listRuns({}, first(10))).data.map(({ id }) => id)).not.to.include(runId);
    expect((await store.listRuns({ sortBy: "completedAt" }, first(10))).data).to.have.length(1);
    expect((await store.listRuns({ metadata: { team: "x" } }, first(10))).data).to.have.length(1);
    expect(await store.listStages(runId)).to.deep.equal([]);
    expect((await store.listSteps(runId, {}, first(10))).data).to.deep.equal([]);
    expect(await store.listFlowCalls(runId)).to.deep.equal([]);
    expect(await store.getStep(runId, "s.a")).to.equal(null);
    expect(await store.stepOutput(runId, "s.a", 1)).to.equal(null);
    expect(await store.listFields(runId, null, null)).to.equal(null);
    expect(await store.listFields(runId, ["s.a"], null)).to.equal(null);
    expect(await store.getArtifact(runId, "x1")).to.equal(null);
    expect((await store.listArtifacts(runId, first(10))).data).to.deep.equal([]);
    expect((await store.listLogs(runId, {}, first(10))).data).to.deep.equal([]);
    expect(await store.readEvents(runId, null, 10)).to.deep.equal([]);
    expect(codeOf(await store.putArtifact(runId, "y", 1, null))).to.equal("RUN_NOT_FOUND");
    expect(codeOf(await store.mergeFields(runId, "s.a", { f: 2 }, null))).to.equal("RUN_NOT_FOUND");
    expect(codeOf(await store.retryRun(runId))).to.equal("RUN_NOT_FOUND");
    expect(codeOf(await store.scheduleStage(runId, aStage("s", ["a"]), null))).to.equal("RUN_NOT_FOUND");
    expect(codeOf(await store.deleteRun(runId))).to.equal("RUN_NOT_FOUND");
  }
}

type Family = "childOfOpen" | "parentOfOpen" | "parentOfOver" | "childOfOver" | "openChild";

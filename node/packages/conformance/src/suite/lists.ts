import { expect } from "chai";
import { aRun } from "../kit/a-run.js";
import { aStage } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { failure, success } from "../kit/outcomes.js";
import { first, readAll } from "../kit/pages.js";
import type { World } from "../kit/world.js";

export function lists(world: () => World): void {
  /** Runs a second apart, oldest first. */
  async function runsApart(count: number, flowName = "demo") {
    const ids: string[] = [];
    for (let n = 0; n < count; n++) {
      ids.push((await world().create({ flowName })).id);
      await world().subject.turnClock(1_000);
    }
    return ids;
  }

  const idsOf = (rows: readonly { readonly id: string }[]) => rows.map((row) => row.id);

  describe("listing runs", () => {
    it("shows the newest first, each as it is read alone", async () => {
      const ids = await runsApart(3);
      const page = await world().store.listRuns({}, first(10));
      expect(idsOf(page.data)).to.deep.equal(ids.toReversed());
      expect(page).to.deep.include({ total: 3, totalIsEstimate: false, nextCursor: null });
      expect(page.data[0]).to.deep.equal(await world().run(ids[2]!));
    });

    it("pages by offset and by cursor", async () => {
      const ids = (await runsApart(7)).toReversed();
      const second = await world().store.listRuns({}, first(3, 3));
      expect(idsOf(second.data)).to.deep.equal(ids.slice(3, 6));
      expect(second.total).to.equal(7);
      expect(idsOf(await readAll((page) => world().store.listRuns({}, page), 3))).to.deep.equal(ids);
      expect(
        idsOf(await readAll((page) => world().store.listRuns({ sortOrder: "asc" }, page), 2)),
      ).to.deep.equal(ids.toReversed());
    });

    it("ends a page before it holds more than can be read at once, and goes on from there", async () => {
      const large = { input: "x".repeat(9_000_000), flowName: "large" };
      const ids = await runsApart(1, "large");
      for (const flowName of ["large", "other", "large", "large"]) {
        ids.push((await world().create({ ...large, flowName })).id);
        await world().subject.turnClock(1_000);
      }
      ids.push((await world().create({ ...large, input: "x".repeat(17_000_000) })).id);
      const page = await world().store.listRuns({ sortOrder: "asc" }, first(10));
      expect(idsOf(page.data)).to.deep.equal(ids.slice(0, 2));
      expect(page).to.deep.include({ total: 6, totalIsEstimate: false });
      const lengths: number[] = [];
      const all = await readAll(async (request) => {
        const read = await world().store.listRuns({}, request);
        lengths.push(read.data.length);
        return read;
      }, 3);
      expect(idsOf(all)).to.deep.equal(ids.toReversed());
      expect(lengths).to.deep.equal([1, 1, 1, 1, 2]);
      const byStart = { sortBy: "startedAt", flowName: "large" } as const;
      expect(await readAll((request) => world().store.listRuns(byStart, request), 10)).to.have.length(5);
    });

    it("stays right while runs are added and deleted", async () => {
      const ids = (await runsApart(6)).toReversed();
      const read = await readAll(
        (page) => world().store.listRuns({}, page),
        2,
        async () => {
          await world().create();
        },
      );
      expect(idsOf(read)).to.deep.equal(ids);
    });

    it("tells runs of one millisecond apart", async () => {
      await Promise.all(Array.from({ length: 12 }, () => world().create()));
      const read = idsOf(await readAll((page) => world().store.listRuns({}, page), 5));
      expect(new Set(read).size).to.equal(12);
      expect(read).to.have.length(12);
    });

    it("filters by flow, status, parent and time", async () => {
      const [a, b] = await runsApart(2, "one");
      await runsApart(1, "two");
      await world().store.abortRun(a!);
      const child = await world().create({ parentRunId: b! });
      const list = async (filter: Parameters<World["store"]["listRuns"]>[0]) =>
        idsOf((await world().store.listRuns(filter, first(10))).data);
      expect(await list({ flowName: "one" })).to.deep.equal([b, a]);
      expect(await list({ flowName: "none" })).to.deep.equal([]);
      expect(await list({ status: ["aborted"] })).to.deep.equal([a]);
      expect(await list({ status: ["aborted", "pending"], flowName: "one" })).to.deep.equal([b, a]);
      expect(await list({ parentRunId: b! })).to.deep.equal([child.id]);
      const { createdAt } = await world().run(b!);
      expect(await list({ createdBefore: createdAt, flowName: "one" })).to.deep.equal([a]);
      expect(await list({ createdAfter: createdAt, flowName: "one" })).to.deep.equal([]);
      expect(await list({ createdAfter: createdAt - 1, flowName: "one" })).to.deep.equal([b]);
    });

    it("filters by the text of top-level metadata values", async () => {
      const metadata = {
        team: "a",
        size: 3,
        ratio: 0.5,
        big: 1e21,
        on: true,
        none: null,
        "odd.key $[0]": "ü\"'",
        list: [1, { x: "y" }],
      };
      const run = await world().create({ metadata });
      await world().create({ metadata: { team: "b", broken: "\u0000 \ud800" } });
      for (const odd of [null, "team", 3, [1]]) await world().create({ metadata: odd });
      const count = async (filter: Record<string, string>) => {
        const { data } = await world().store.listRuns({ metadata: filter }, first(10));
        expect(data.every((each) => each.id === run.id)).to.equal(true);
        return data.length;
      };
      const fitting = {
        team: "a",
        size: "3",
        ratio: "0.5",
        big: "1e+21",
        on: "true",
        none: "null",
        "odd.key $[0]": "ü\"'",
        list: '[1,{"x":"y"}]',
      };
      for (const [key, value] of Object.entries(fitting))
        expect(await count({ [key]: value }), key).to.equal(1);
      expect(await count(fitting)).to.equal(1);
      expect(await count({ team: "a", size: "4" })).to.equal(0);
      expect(await count({ missing: "" })).to.equal(0);
      expect(await count({ on: "1" })).to.equal(0);
      expect(await count({ "\0": "\0" })).to.equal(0);
    });

    it("filters by metadata, state, flow and time together, page by page", async () => {
      const ids: string[] = [];
      for (let n = 0; n < 6; n++) {
        const metadata = { team: "a", live: n % 2 === 0, n };
        ids.push((await world().create({ flowName: n < 3 ? "one" : "two", metadata })).id);
        await world().create({ flowName: "one", metadata: { team: "b", live: true } });
        await world().subject.turnClock(1_000);
      }
      await world().store.abortRun(ids[2]!);
      const child = await world().create({ parentRunId: ids[0]!, metadata: { team: "a" } });
      const list = async (filter: Parameters<World["store"]["listRuns"]>[0]) =>
        idsOf(await readAll((page) => world().store.listRuns(filter, page), 2));
      const team = { team: "a" };
      const own = { metadata: team, createdBefore: child.createdAt };
      expect(await list(own)).to.deep.equal(ids.toReversed());
      expect(await list({ ...own, sortOrder: "asc" })).to.deep.equal(ids);
      expect(await list({ ...own, flowName: "one" })).to.deep.equal([ids[2], ids[1], ids[0]]);
      expect(await list({ metadata: team, status: ["aborted", "running"] })).to.deep.equal([ids[2]]);
      expect(await list({ metadata: { live: "true", ...team } })).to.deep.equal([ids[4], ids[2], ids[0]]);
      expect(await list({ metadata: { live: "true", ...team }, status: ["pending"] })).to.deep.equal([
        ids[4],
        ids[0],
      ]);
      expect(await list({ metadata: team, parentRunId: ids[0]! })).to.deep.equal([child.id]);
      expect(await list({ metadata: { team: "b" }, parentRunId: ids[0]! })).to.deep.equal([]);
      expect(await list({ ...own, sortBy: "startedAt" })).to.have.members(ids);
    });

    it("tells metadata apart that differs only far behind its beginning", async () => {
      const long = "x".repeat(500);
      const run = await world().create({ metadata: { text: `${long}1`, [`${long}1`]: "y" } });
      await world().create({ metadata: { text: `${long}2`, [`${long}2`]: "y" } });
      for (const metadata of [{ text: `${long}1` }, { [`${long}1`]: "y" }]) {
        const page = await world().store.listRuns({ metadata }, first(10));
        expect(idsOf(page.data)).to.deep.equal([run.id]);
        expect(page.total).to.equal(1);
      }
    });

    it("sorts by the start and the end; runs without one come last", async () => {
      const [a, b, c] = await runsApart(3);
      const calls = await world().worker.claimCalls();
      expect(calls).to.have.length(3);
      const call = (id: string) => calls.find((each) => each.runId === id)!;
      const waiting = await world().create();
      for (const id of [b!, c!, a!]) {
        await world().subject.turnClock(1_000);
        await world().worker.record(success(call(id)));
      }
      const sorted = async (sortBy: "startedAt" | "completedAt", sortOrder: "asc" | "desc") =>
        idsOf(await readAll((page) => world().store.listRuns({ sortBy, sortOrder }, page), 3));
      expect(await sorted("completedAt", "asc")).to.deep.equal([b, c, a, waiting.id]);
      expect(await sorted("completedAt", "desc")).to.deep.equal([a, c, b, waiting.id]);
      expect((await sorted("startedAt", "asc")).at(-1)).to.equal(waiting.id);
      expect((await sorted("startedAt", "desc")).at(-1)).to.equal(waiting.id);
    });

    it("answers an empty page that says so to a cursor that is none of its own", async () => {
      await world().create();
      for (const cursor of [
        "",
        "nonsense",
        Buffer.from("[1]").toString("base64url"),
        Buffer.from('["x","y"]').toString("base64url"),
        Buffer.from('["runs createdAt desc","x","y"]').toString("base64url"),
      ]) {
        const page = await world().store.listRuns({}, { limit: 10, offset: 0, cursor });
        expect(page).to.deep.include({ data: [], nextCursor: null, strayCursor: true });
      }
    });

    it("counts exactly to 1,000 and says beyond that it does not", async function () {
      this.timeout(120_000);
      // No more at a time than there are connections, or those that wait for one are told that the database is away.
      for (let n = 0; n < 1_001; n += 7)
        await Promise.all(Array.from({ length: 7 }, () => world().store.createRun(aRun())));
      const over = await world().store.listRuns({}, first(1));
      expect(over.totalIsEstimate).to.equal(true);
      expect(over.total).to.be.at.least(1_001);
      await world().store.abortRun(over.data[0]!.id);
      await world().store.deleteRun(over.data[0]!.id);
      expect(await world().store.listRuns({}, first(1))).to.deep.include({
        total: 1_000,
        totalIsEstimate: false,
      });
    });
  });

  describe("listing steps", () => {
    it("shows them in the order in which they were scheduled, without flow calls", async () => {
      const { run, call } = await world().called();
      await world().store.scheduleStage(run.id, aStage("s", ["z", { name: "a", instances: 12 }]), call);
      await world().store.scheduleStage(run.id, aStage("b", ["a"]), call);
      const ids = ["s.z", ...Array.from({ length: 12 }, (_, n) => `s.a.${n}`), "b.a"];
      const page = await world().store.listSteps(run.id, {}, first(5));
      expect(page).to.deep.include({ total: 14, totalIsEstimate: false });
      expect(idsOf(page.data)).to.deep.equal(ids.slice(0, 5));
      expect(idsOf((await world().store.listSteps(run.id, {}, first(5, 10))).data)).to.deep.equal(
        ids.slice(10),
      );
      expect(idsOf(await readAll((each) => world().store.listSteps(run.id, {}, each), 4))).to.deep.equal(ids);
    });

    it("filters by stage, status and name", async () => {
      const { run, call } = await world().called();
      await world().store.scheduleStage(run.id, aStage("s", ["a", "b"]), call);
      await world().store.scheduleStage(run.id, aStage("t", ["a"]), call);
      const [sa, sb] = await world().worker.claimSteps(2);
      await world().worker.record(success(sa!), failure(sb!));
      const list = async (filter: Parameters<World["store"]["listSteps"]>[1]) => {
        const page = await world().store.listSteps(run.id, filter, first(10));
        expect(page.total).to.equal(page.data.length);
        return idsOf(page.data);
      };
      expect(await list({ stage: "s" })).to.deep.equal(["s.a", "s.b"]);
      expect(await list({ name: "a" })).to.deep.equal(["s.a", "t.a"]);
      expect(await list({ status: ["failed", "pending"] })).to.deep.equal(["s.b", "t.a"]);
      expect(await list({ stage: "s", status: ["completed"], name: "a" })).to.deep.equal(["s.a"]);
      expect(await list({ stage: "none" })).to.deep.equal([]);
    });

    it("measures how long a step has taken on the database's clock", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const task = await world().worker.claimStep();
      await world().subject.turnClock(5_000);
      expect((await world().step(run.id, "s.a")).durationMs).to.be.within(5_000, 60_000);
      expect((await world().run(run.id)).durationMs).to.be.within(5_000, 60_000);
      await world().worker.record(success(task));
      expect((await world().step(run.id, "s.a")).completedAt).to.be.a("number");
    });

    it("counts the states of each stage", async () => {
      const steps = ["a", "b", { name: "c", dependsOn: ["a"] }, { name: "d", dependsOn: ["c"] }];
      const run = await world().runWith(aStage("s", steps, { failFast: false }));
      const [a] = await world().worker.claimSteps();
      await world().worker.record(failure(a!));
      const [stage] = await world().store.listStages(run.id);
      expect(stage!.counts).to.deep.equal({
        pending: 0,
        running: 1,
        completed: 0,
        failed: 1,
        cancelled: 2,
        aborted: 0,
      });
      expect(stage).to.deep.include({
        name: "s",
        final: false,
        failFast: false,
        recover: false,
        maxParallel: null,
        superseded: false,
      });
    });

    it("finds flow calls by their id", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await drive(world().worker);
      const found = (await world().store.getStep(run.id, "flow:2"))!;
      expect(found.step).to.deep.include({
        id: "flow:2",
        name: "",
        stageName: "",
        status: "completed",
        attempt: 1,
      });
      expect(found.attempts).to.have.length(1);
      expect(await world().store.getStep(run.id, "flow:9")).to.equal(null);
      expect(await world().store.getStep(run.id, "no\0pe")).to.equal(null);
    });
  });
}

import type { NewLog } from "@maxq/db";
import { expect } from "chai";
import { aStage } from "../kit/a-stage.js";
import { success } from "../kit/outcomes.js";
import { first, readAll } from "../kit/pages.js";
import { accepted, codeOf, type World } from "../kit/world.js";

function aLine(change: Partial<NewLog> = {}): NewLog {
  return { level: "info", message: "hello", entityType: "run", entityId: null, metadata: null, ...change };
}

export function logs(world: () => World): void {
  describe("the log of a run", () => {
    it("keeps what was written", async () => {
      const run = await world().create();
      const line = aLine({
        level: "error",
        message: "ü",
        entityType: "step",
        entityId: "any text",
        metadata: { n: 0 },
      });
      const { log } = accepted(await world().store.appendLog(run.id, line, null));
      expect(log).to.deep.include({ ...line, runId: run.id });
      expect((await world().store.listLogs(run.id, {}, first(10))).data).to.deep.equal([log]);
    });

    it("shows the newest first and pages", async () => {
      const run = await world().create();
      for (let n = 0; n < 7; n++) await world().store.appendLog(run.id, aLine({ message: `m${n}` }), null);
      const all = await readAll((page) => world().store.listLogs(run.id, {}, page), 3);
      expect(all.map((log) => log.message)).to.deep.equal(["m6", "m5", "m4", "m3", "m2", "m1", "m0"]);
      expect(await world().store.listLogs(run.id, {}, first(2, 4))).to.deep.include({
        total: 7,
        totalIsEstimate: false,
      });
    });

    it("filters by level and entity", async () => {
      const run = await world().create();
      await world().store.appendLog(
        run.id,
        aLine({ level: "debug", entityType: "step", entityId: "a" }),
        null,
      );
      await world().store.appendLog(
        run.id,
        aLine({ level: "warn", entityType: "step", entityId: "b\0" }),
        null,
      );
      await world().store.appendLog(run.id, aLine({ level: "warn", entityType: "flow" }), null);
      const count = async (filter: Parameters<World["store"]["listLogs"]>[1]) =>
        (await world().store.listLogs(run.id, filter, first(10))).data.length;
      expect(await count({ level: "warn" })).to.equal(2);
      expect(await count({ entityType: "step" })).to.equal(2);
      expect(await count({ entityType: "step", entityId: "a" })).to.equal(1);
      expect(await count({ entityId: "b\0" })).to.equal(1);
      expect(await count({ level: "error" })).to.equal(0);
    });

    it("keeps text with NUL and half a character as far as it can be stored", async () => {
      const run = await world().create();
      const { log } = accepted(
        await world().store.appendLog(run.id, aLine({ message: "a\0b\ud800", metadata: { k: "\0" } }), null),
      );
      expect(log.message).to.equal("a\ufffdb\ufffd");
      expect((await world().store.listLogs(run.id, {}, first(1))).data[0]).to.deep.equal(log);
    });

    it("is refused where the run or the attempt is not there", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const task = await world().worker.claimStep();
      accepted(await world().store.appendLog(run.id, aLine(), task));
      await world().worker.record(success(task));
      expect(codeOf(await world().store.appendLog(run.id, aLine(), task))).to.equal("ATTEMPT_OVER");
      expect(
        codeOf(await world().store.appendLog("00000000-0000-4000-8000-000000000000", aLine(), null)),
      ).to.equal("RUN_NOT_FOUND");
    });
  });

  describe("changing a run's texts", () => {
    it("changes what is given", async () => {
      const run = await world().create({ name: "old", description: "kept" });
      const { run: one } = accepted(await world().store.patchRun(run.id, { name: "new", output: 0 }, null));
      expect(one).to.deep.include({ name: "new", description: "kept", output: 0 });
      const { run: two } = accepted(
        await world().store.patchRun(run.id, { description: null, output: null }, null),
      );
      expect(two).to.deep.include({ name: "new", description: null, output: null });
      expect(accepted(await world().store.patchRun(run.id, {}, null)).run).to.deep.equal(two);
    });

    it("is refused to an attempt that has ended, not to a client", async () => {
      const { run, call } = await world().called();
      accepted(await world().store.patchRun(run.id, { name: "mine" }, call));
      await world().worker.record(success(call));
      expect(codeOf(await world().store.patchRun(run.id, { name: "late" }, call))).to.equal("ATTEMPT_OVER");
      expect(accepted(await world().store.patchRun(run.id, { name: "later" }, null)).run.name).to.equal(
        "later",
      );
      expect(codeOf(await world().store.patchRun("00000000-0000-4000-8000-000000000000", {}, null))).to.equal(
        "RUN_NOT_FOUND",
      );
    });
  });

  describe("an attempt", () => {
    it("is live while it runs", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const task = await world().worker.claimStep();
      const { key, attempt } = task;
      expect(await world().store.attemptState({ key, attempt })).to.deep.equal({ runId: run.id, live: true });
      await world().worker.record(success(task));
      expect(await world().store.attemptState({ key, attempt })).to.deep.equal({
        runId: run.id,
        live: false,
      });
    });

    it("is over when a newer one runs, and none before its claim", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", maxRetries: 1 }]));
      const one = await world().worker.claimStep();
      expect(await world().store.attemptState({ key: one.key, attempt: one.attempt + 1 })).to.equal(null);
      await world().worker.record({ ...success(one), result: "failure", exitCode: 1 });
      const two = await world().worker.claimStep();
      expect(await world().store.attemptState(one)).to.deep.equal({ runId: run.id, live: false });
      expect(await world().store.attemptState(two)).to.deep.equal({ runId: run.id, live: true });
      expect(await world().store.attemptState({ key: 999_999_999, attempt: 1 })).to.equal(null);
    });
  });
}

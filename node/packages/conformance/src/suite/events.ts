import { transitions, type RunEvent } from "@maxq/core";
import { expect } from "chai";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { aborted, failure, success } from "../kit/outcomes.js";
import { accepted, type World } from "../kit/world.js";

const nouns = { run: "run", stage: "stage", step: "step", flow: "step" } as const;

interface Said {
  readonly id?: string;
  readonly name?: string;
  readonly status?: string;
  readonly changed?: unknown;
}

/** Fails if one of the moves that the stream tells is not legal; answers the last status of each noun. */
function follow(events: readonly RunEvent[]): Map<string, string> {
  const statuses = new Map<string, string>();
  for (const { type, data } of events) {
    const { id, name, status, changed } = data as Said;
    if (type === "log" || status === undefined || changed !== undefined) continue;
    const who = `${type} ${id ?? name ?? ""}`;
    // That steps come into being is told by their stage, with their number.
    const from = statuses.get(who) ?? (type === "step" ? "pending" : null);
    const legal = transitions[nouns[type]].some((move) => move.from === from && move.to === status);
    expect(legal, `${who}: ${from} → ${status}`).to.equal(true);
    statuses.set(who, status);
  }
  return statuses;
}

export function events(world: () => World): void {
  describe("the events of a run", () => {
    async function eventful() {
      const run = await world().runWith(aStage("s", ["a", { name: "b", dependsOn: ["a"], maxRetries: 1 }]));
      await world().store.appendLog(
        run.id,
        { level: "info", message: "hi", entityType: "run", entityId: null, metadata: null },
        null,
      );
      await drive(world().worker, {
        flow: (call) =>
          call.failedStage === "s" && call.completedStage === ""
            ? asksFor(aStage("clean", ["c"]))
            : asksForNothing,
        failing: ["s.b"],
      });
      await world().store.pauseRun((await world().create()).id);
      return run;
    }

    it("tell every change of state, in legal moves, up to the states that are", async () => {
      const run = await eventful();
      const last = follow(await world().store.readEvents(run.id, null, 10_000));
      expect(last.get("run ")).to.equal("failed");
      for (const [name, status] of Object.entries(await world().stages(run.id)))
        expect(last.get(`stage ${name}`), name).to.equal(status);
      for (const [id, status] of Object.entries(await world().steps(run.id)))
        expect(last.get(`step ${id}`), id).to.equal(status);
      for (const call of await world().store.listFlowCalls(run.id))
        expect(last.get(`flow ${call.id}`), call.id).to.equal(call.status);
    });

    it("tell of log lines", async () => {
      const run = await eventful();
      const lines = (await world().store.readEvents(run.id, null, 10_000)).filter(
        (event) => event.type === "log",
      );
      expect(lines).to.have.length(1);
      expect(lines[0]!.data).to.deep.include({ level: "info", message: "hi", entityType: "run" });
    });

    it("tell of what a worker warns of, as the log does, before the end of the script that it is about", async () => {
      const run = await world().runWith(aStage("s", ["a", "b"]));
      const steps = await world().worker.claimSteps(2);
      await world().worker.record(
        ...steps.map((step) => success(step, { warnings: [`line 1 of ${step.id}`, "line 2\0"] })),
      );
      const events = await world().store.readEvents(run.id, null, 10_000);
      const lines = events.filter(({ type }) => type === "log").map(({ data }) => data);
      const logs = await world().store.listLogs(run.id, {}, { limit: 10, offset: 0, cursor: null });
      const kept = logs.data.toReversed().map(({ id, level, message, entityType, entityId, metadata }) => {
        return { id, level, message, entityType, entityId, metadata };
      });
      expect(lines).to.deep.equal(kept);
      expect(lines).to.have.length(4);
      expect(lines[0]).to.deep.include({ level: "warn", entityType: "step", metadata: null });
      const said = events.map(({ type, data }) => [type, (data as Said).status]);
      const end = said.findIndex(([type, status]) => type === "step" && status === "completed");
      expect(said.findLastIndex(([type]) => type === "log")).to.be.below(end);
    });

    it("can be taken up after any of them, in any portion", async () => {
      const run = await eventful();
      const all = await world().store.readEvents(run.id, null, 10_000);
      expect(all.length).to.be.above(15);
      expect(new Set(all.map((event) => event.id)).size).to.equal(all.length);
      for (const portion of [1, 2, 7]) {
        const read: RunEvent[] = [];
        for (;;) {
          const next = await world().store.readEvents(run.id, read.at(-1)?.id ?? null, portion);
          expect(next.length).to.be.at.most(portion);
          if (next.length === 0) break;
          read.push(...next);
        }
        expect(read).to.deep.equal(all);
      }
      for (const [index, event] of all.entries()) {
        expect(await world().store.readEvents(run.id, event.id, 10_000)).to.deep.equal(all.slice(index + 1));
      }
    });

    it("begin at the first after an id that the run does not have", async () => {
      const run = await eventful();
      const all = await world().store.readEvents(run.id, null, 10_000);
      const [no] = all.at(-1)!.id.split(".");
      const others = [
        `${Number(no) + 1}.0`,
        `${no}.99`,
        "1.999999999",
        "999999999999999.0",
        "0.0",
        "x",
        "01.0",
      ];
      for (const id of others)
        expect(await world().store.readEvents(run.id, id, 10_000), id).to.deep.equal(all);
    });

    it("carry the time of the database", async () => {
      const run = await world().create();
      const [event] = await world().store.readEvents(run.id, null, 1);
      expect(event!.at).to.be.within(run.createdAt, run.createdAt + 60_000);
    });

    it("of another run, or of none, are not told", async () => {
      await eventful();
      const run = await world().create();
      expect((await world().store.readEvents(run.id, null, 100)).map((event) => event.type)).to.have.members([
        "run",
        "flow",
      ]);
      expect(await world().store.readEvents("00000000-0000-4000-8000-000000000000", null, 100)).to.deep.equal(
        [],
      );
    });

    it("name the attempt of a flow call that is cancelled before it begins", async () => {
      const { run: retried, call } = await world().called();
      accepted(await world().store.scheduleStage(retried.id, aStage("s", ["a"]), call));
      await world().worker.record(failure(await world().worker.claimStep()));
      accepted(await world().store.retryStep(retried.id, "s.a", false));
      await world().store.abortRun(retried.id);

      const { run: ended, call: first } = await world().called();
      accepted(await world().store.scheduleStage(ended.id, aStage("s", ["a"]), first));
      await world().worker.record(success(await world().worker.claimStep()));
      accepted(await world().store.scheduleStage(ended.id, aStage("t", ["b"], { final: true }), first));
      await world().worker.record(success(await world().worker.claimStep()));

      for (const { id } of [retried, ended]) {
        const events = await world().store.readEvents(id, null, 10_000);
        const told = events.filter(
          ({ type, data }) => type === "flow" && (data as Said).status === "cancelled",
        );
        expect(told.map(({ data }) => data)).to.deep.equal([
          { id: "flow:2", status: "cancelled", attempt: 0 },
        ]);
      }
    });

    it("follow a pause, an abort and a retry in legal moves", async () => {
      const run = await world().runWith(aStage("s", ["a", "b"], { final: true }));
      const [a] = await world().worker.claimSteps(1);
      await world().store.pauseRun(run.id);
      await world().store.resumeRun(run.id);
      await world().store.abortRun(run.id);
      await world().worker.record(aborted(a!));
      await world().store.retryRun(run.id);
      await drive(world().worker);
      const last = follow(await world().store.readEvents(run.id, null, 10_000));
      expect(last.get("run ")).to.equal("completed");
      expect(last.get("stage s")).to.equal("completed");
    });
  });
}

import type { ClaimedTask } from "@maxq/db";
import { expect } from "chai";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { failure, printed, success } from "../kit/outcomes.js";
import { tellings, told } from "../kit/tellings.js";
import { accepted, codeOf, type World } from "../kit/world.js";

/** What a retry makes history, and what it leaves. */
export function history(world: () => World): void {
  describe("a stage that a step of a failure callback's stage schedules", () => {
    it("is history after a retry, and no bar to the flow's own stage of that name", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await world().worker.record(failure(await world().worker.claimStep()));
      await world().worker.record(printed(await world().worker.claimCall(), asksFor(aStage("clean", ["c"]))));
      const step = await world().worker.claimStep();
      accepted(await world().store.scheduleStage(run.id, aStage("notify", ["mail"]), step));
      await world().worker.record(success(step));
      const mail = await world().worker.claimStep();
      accepted(await world().store.scheduleStage(run.id, aStage("archive", ["log"]), mail));
      await world().worker.record(success(mail));
      await drive(world().worker);
      expect(await world().status(run.id)).to.equal("failed");
      accepted(await world().store.retryRun(run.id));
      const stages = await world().store.listStages(run.id);
      expect(stages.map(({ name, superseded }) => [name, superseded])).to.deep.equal([
        ["s", false],
        ["clean", true],
        ["notify", true],
        ["archive", true],
      ]);
      const all: string[][] = [];
      await drive(world().worker, {
        flow: (call) => {
          all.push(told(call));
          return call.completedStage === "s" ? asksFor(aStage("notify", ["other"])) : asksForNothing;
        },
      });
      expect(all).to.deep.equal([
        ["s", ""],
        ["notify", ""],
      ]);
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("stays, where a step of the flow's own stage scheduled it", async () => {
      const run = await world().runWith(aStage("s", ["a", "b"]));
      const steps = await world().worker.claimSteps(2);
      const [a, b] = steps;
      accepted(await world().store.scheduleStage(run.id, aStage("more", ["c"]), a!));
      await world().worker.record(success(a!));
      await world().worker.record(failure(b!));
      await drive(world().worker);
      accepted(await world().store.retryRun(run.id));
      const stages = await world().store.listStages(run.id);
      expect(stages.map(({ name, superseded }) => [name, superseded])).to.deep.equal([
        ["s", false],
        ["more", false],
      ]);
    });
  });

  describe("a stage that a failure callback asked for", () => {
    /** s fails beside t; the call that tells of t's end asks for `after`, the failure is taken back, and the call that tells of t again asks for it, too. */
    async function askedForAgain(
      dialect: "prints" | "posts",
    ): Promise<{ readonly runId: string; readonly step: ClaimedTask }> {
      const after = aStage("after", ["c"]);
      const { runId, left: s, right: t } = await world().sideBySide("s", "t");
      await world().worker.record(failure(s));
      await world().worker.record(printed(await world().worker.claimCall(), asksForNothing));
      await world().worker.record(success(t));
      await world().worker.record(printed(await world().worker.claimCall(), asksFor(after)));
      const step = await world().worker.claimStep();
      accepted(await world().store.retryStep(runId, "s.a", false));
      const again = await world().worker.claimCall();
      expect(told(again)).to.deep.equal(["t", ""]);
      if (dialect === "posts") accepted(await world().store.scheduleStage(runId, after, again));
      await world().worker.record(printed(again, dialect === "posts" ? asksForNothing : asksFor(after)));
      await world().worker.record(success(await world().worker.claimStep()));
      await world().worker.record(printed(await world().worker.claimCall(), asksForNothing));
      return { runId, step };
    }

    for (const dialect of ["prints", "posts"] as const)
      it(`is the flow's own once a call ${dialect} it that tells of no failure: a retry runs it again`, async () => {
        const { runId, step } = await askedForAgain(dialect);
        await world().worker.record(failure(step));
        await drive(world().worker);
        expect(await world().status(runId)).to.equal("failed");
        accepted(await world().store.retryRun(runId));
        expect(await tellings(world().worker)).to.deep.equal([["after", ""]]);
        expect((await world().step(runId, "after.c")).superseded).to.equal(false);
        expect(await world().status(runId)).to.equal("completed");
      });
  });

  describe("what a step of a failure callback's stage asked for", () => {
    it("stays with that stage, once a call that tells of no failure asks for the stage, too: a retry runs it again", async () => {
      const { runId, left: s, right: t } = await world().sideBySide("s", "t");
      const clean = aStage("clean", ["c"]);
      await world().worker.record(failure(s));
      await world().worker.record(printed(await world().worker.claimCall(), asksFor(clean)));
      const c = await world().worker.claimStep();
      accepted(await world().store.scheduleStage(runId, aStage("mail", ["m"]), c));
      await world().worker.record(success(c));
      const m = await world().worker.claimStep();
      accepted(await world().store.scheduleStage(runId, aStage("archive", ["l"]), m));
      accepted(await world().store.retryStep(runId, "s.a", false));
      await world().worker.record(success(t), success(m));
      await drive(world().worker, { flow: () => asksFor(clean), failing: ["archive.l"] });
      expect(await world().status(runId)).to.equal("failed");
      accepted(await world().store.retryRun(runId));
      await drive(world().worker);
      const stages = await world().store.listStages(runId);
      expect(stages.map(({ superseded, status }) => [superseded, status])).to.deep.equal(
        stages.map(() => [false, "completed"]),
      );
      expect(await world().status(runId)).to.equal("completed");
    });
  });

  describe("a step that is history", () => {
    it("can be read, but neither be retried nor given fields", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await drive(world().worker, {
        flow: (call) => (call.completedStage === "" ? asksFor(aStage("clean", ["c"])) : asksForNothing),
        failing: ["s.a", "clean.c"],
      });
      accepted(await world().store.retryRun(run.id));
      expect((await world().step(run.id, "clean.c")).superseded).to.equal(true);
      expect(codeOf(await world().store.retryStep(run.id, "clean.c", false))).to.equal("STATE_CONFLICT");
      const answer = await world().store.mergeFields(run.id, "clean.c", { a: 1 }, null);
      expect(codeOf(answer)).to.equal("STATE_CONFLICT");
    });

    it("does not stand in for one that has its id now", async () => {
      const clean = aStage("clean", ["c"]);
      const run = await world().runWith(aStage("s", ["a"]));
      await drive(world().worker, { flow: () => asksFor(clean), failing: ["s.a", "clean.c"] });
      accepted(await world().store.retryRun(run.id));
      await drive(world().worker, { flow: () => asksFor(clean), failing: ["clean.c"] });
      accepted(await world().store.mergeFields(run.id, "clean.c", { a: 1 }, null));
      const { step } = accepted(await world().store.retryStep(run.id, "clean.c", false));
      expect([step.superseded, step.status]).to.deep.equal([false, "pending"]);
      await drive(world().worker);
      expect(await world().status(run.id)).to.equal("completed");
    });
  });

  describe("a failure that was handled", () => {
    /** s failed, beside t, which completed; r then handled the failure, and the flow goes on with u, of whose end flow:5 is told. */
    async function handledBeside(end: "failed" | "completed"): Promise<string> {
      const { runId, left: s, right: t } = await world().sideBySide("s", "t");
      await world().worker.record(failure(s));
      const mend = aStage("r", ["a"], { recover: true });
      await world().worker.record(printed(await world().worker.claimCall(), asksFor(mend)));
      await world().worker.record(success(t));
      await world().worker.record(success(await world().worker.claimCall()));
      await drive(world().worker, {
        flow: ({ completedStage }) => (completedStage === "r" ? asksFor(aStage("u", ["a"])) : asksForNothing),
        failing: end === "failed" ? ["u.a"] : [],
      });
      expect(await world().status(runId)).to.equal(end);
      return runId;
    }

    it("keeps its callbacks when a later one is retried, and what was told beside it is not told again", async () => {
      const runId = await handledBeside("failed");
      accepted(await world().store.retryRun(runId));
      expect(await tellings(world().worker)).to.deep.equal([["u", ""]]);
      expect(await world().status(runId)).to.equal("completed");
      const calls = await world().store.listFlowCalls(runId);
      expect(calls.filter(({ superseded }) => superseded).map(({ id }) => id)).to.deep.equal(["flow:5"]);
    });

    it("has nothing told again that was told beside it when its own step is retried", async () => {
      const runId = await handledBeside("completed");
      accepted(await world().store.retryStep(runId, "s.a", false));
      expect(await tellings(world().worker)).to.deep.equal([["s", ""]]);
    });

    for (const dialect of ["prints", "posts"] as const)
      it(`while its callback ran keeps what that ${dialect} then`, async () => {
        const run = await world().runWith(aStage("s", ["a"]));
        await world().worker.record(failure(await world().worker.claimStep()));
        const call = await world().worker.claimCall();
        accepted(await world().store.scheduleStage(run.id, aStage("r", ["a"], { recover: true }), null));
        await world().worker.record(success(await world().worker.claimStep()));
        const next = aStage("next", ["a", "b"]);
        if (dialect === "posts") accepted(await world().store.scheduleStage(run.id, next, call));
        await world().worker.record(printed(call, dialect === "posts" ? asksForNothing : asksFor(next)));
        await drive(world().worker, { failing: ["next.b"] });
        expect(await world().status(run.id)).to.equal("failed");
        accepted(await world().store.retryRun(run.id));
        const stages = await world().store.listStages(run.id);
        expect(stages.filter(({ superseded }) => superseded)).to.deep.equal([]);
        expect((await drive(world().worker))[0]).to.equal("next.b");
      });

    it("leaves no call behind that was withdrawn by it", async () => {
      const { run, call } = await world().called();
      accepted(await world().store.scheduleStage(run.id, aStage("s", ["a"]), null));
      await world().worker.record(failure(await world().worker.claimStep()));
      accepted(await world().store.scheduleStage(run.id, aStage("r", ["a"], { recover: true }), null));
      await world().worker.record(success(await world().worker.claimStep()));
      await world().worker.record(failure(call));
      accepted(await world().store.retryRun(run.id));
      const calls = async () => (await world().store.listFlowCalls(run.id)).map(({ status }) => status);
      expect(await calls()).to.deep.equal(["pending", "cancelled", "pending"]);
      expect(await tellings(world().worker)).to.deep.equal([
        ["", ""],
        ["r", ""],
      ]);
      expect(await world().status(run.id)).to.equal("completed");
    });
  });
}

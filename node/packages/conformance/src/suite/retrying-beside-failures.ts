import { expect } from "chai";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { aborted, failure, handedBack, lost, success } from "../kit/outcomes.js";
import { accepted, codeOf, type World } from "../kit/world.js";

const named = (...ids: readonly string[]) => ids.map((id) => ({ id, name: "x" }));

export function retryingBesideFailures(world: () => World): void {
  describe("a stage that fails fast and has failed", () => {
    for (const [what, end, kept] of [
      ["is handed back", handedBack, ["aborted", "drain"]],
      ["is lost with its worker", lost, ["failed", "worker_lost"]],
    ] as const)
      it(`does not run again what ${what}`, async () => {
        const run = await world().runWith(aStage("s", named("a", "b")));
        const [a, b] = await world().worker.claimSteps(2);
        await world().worker.record(failure(a!));
        await world().worker.record(end(b!));
        expect(await world().steps(run.id)).to.deep.equal({ a: "failed", b: "cancelled" });
        expect(await world().stages(run.id)).to.deep.equal({ s: "failed" });
        const { attempts } = (await world().store.getStep(run.id, "b"))!;
        expect(attempts.map(({ attempt, status, reason }) => [attempt, status, reason])).to.deep.equal([
          [1, ...kept],
        ]);
      });

    it("still runs the dependents of a step that is retried with them", async () => {
      const run = await world().runWith(
        aStage("s", [...named("a", "b"), { id: "c", name: "x", dependsOn: ["a"] }]),
      );
      const both = await world().worker.claimSteps(2);
      await world().worker.record(...both.map((step) => failure(step)));
      await drive(world().worker);
      accepted(await world().store.retryStep(run.id, "a", true));
      await drive(world().worker);
      expect(await world().steps(run.id)).to.deep.equal({ a: "completed", b: "failed", c: "completed" });
      expect(await world().status(run.id)).to.equal("failed");
    });

    it("still runs steps that are retried one by one, as its maxParallel allows", async () => {
      const run = await world().runWith(aStage("s", named("a", "b", "c"), { maxParallel: 1 }));
      await drive(world().worker, { failing: ["a"] });
      accepted(await world().store.retryStep(run.id, "b", false));
      accepted(await world().store.retryStep(run.id, "c", false));
      await drive(world().worker);
      expect(await world().steps(run.id)).to.deep.equal({ a: "failed", b: "completed", c: "completed" });
      expect(await world().status(run.id)).to.equal("failed");
    });
  });

  describe("retrying a step that depends on another failure", () => {
    it("is refused, because it would wait for ever", async () => {
      const run = await world().runWith(
        aStage("s", [...named("a"), { id: "b", name: "x", dependsOn: ["a"] }]),
      );
      await drive(world().worker, { failing: ["a"] });
      expect(codeOf(await world().store.retryStep(run.id, "b", false))).to.equal("STATE_CONFLICT");
      expect(await world().status(run.id)).to.equal("failed");
      accepted(await world().store.retryStep(run.id, "a", false));
      await drive(world().worker);
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("with what it depends on is possible beside a failure that is none of it, in a run that was aborted", async () => {
      const steps = [...named("a", "b", "c"), { id: "d", name: "x", dependsOn: ["a", "b"] }];
      const run = await world().runWith(aStage("s", steps, { failFast: false }));
      const [a, b, c] = await world().worker.claimSteps(3);
      await world().worker.record(failure(c!));
      accepted(await world().store.abortRun(run.id));
      await world().worker.record(aborted(a!), aborted(b!));
      accepted(await world().store.retryStep(run.id, "d", false));
      await drive(world().worker);
      expect(await world().steps(run.id)).to.deep.equal({
        a: "completed",
        b: "completed",
        c: "failed",
        d: "completed",
      });
    });

    it("by a cascade leaves it cancelled, until that failure is retried too", async () => {
      const steps = [...named("a", "b"), { id: "c", name: "x", dependsOn: ["a", "b"] }];
      const run = await world().runWith(aStage("s", steps, { failFast: false }));
      await drive(world().worker, { failing: ["a", "b"] });
      const answer = accepted(await world().store.retryStep(run.id, "a", true));
      expect(answer.cascadedSteps).to.deep.equal([]);
      await drive(world().worker);
      expect(await world().steps(run.id)).to.deep.equal({ a: "completed", b: "failed", c: "cancelled" });
      expect(await world().status(run.id)).to.equal("failed");
      accepted(await world().store.retryStep(run.id, "b", false));
      await drive(world().worker);
      expect(await world().steps(run.id)).to.deep.equal({ a: "completed", b: "completed", c: "completed" });
      expect(await world().status(run.id)).to.equal("completed");
    });
  });

  describe("a stage that does not fail fast", () => {
    /** b failed, of which d depends, and of that e; and c, of which f depends. */
    async function twoFailed(): Promise<string> {
      const after = (id: string, ...dependsOn: string[]) => ({ id, name: "x", dependsOn });
      const steps = [...named("b", "c"), after("d", "b"), after("e", "d"), after("f", "c", "e")];
      const run = await world().runWith(aStage("s", steps, { failFast: false }));
      await drive(world().worker, { failing: ["b", "c"] });
      expect(await world().steps(run.id)).to.deep.include({ d: "cancelled", e: "cancelled", f: "cancelled" });
      return run.id;
    }

    it("runs what waited for a step that is retried, beside a failure that is none of it", async () => {
      const runId = await twoFailed();
      accepted(await world().store.retryStep(runId, "b", false));
      expect(await drive(world().worker)).to.include.members(["b", "d", "e"]);
      expect(await world().steps(runId)).to.deep.equal({
        ...{ b: "completed", c: "failed" },
        ...{ d: "completed", e: "completed", f: "cancelled" },
      });
      accepted(await world().store.retryStep(runId, "c", false));
      await drive(world().worker);
      expect((await world().steps(runId))["f"]).to.equal("completed");
      expect(await world().status(runId)).to.equal("completed");
    });

    it("cancels it again where that step fails again", async () => {
      const runId = await twoFailed();
      accepted(await world().store.retryStep(runId, "b", false));
      await drive(world().worker, { failing: ["b"] });
      expect(await world().steps(runId)).to.deep.include({ b: "failed", d: "cancelled", e: "cancelled" });
      expect(await world().status(runId)).to.equal("failed");
    });
  });

  describe("retrying a step of a failure callback's stage", () => {
    it("goes on with that stage, and the run still fails", async () => {
      const run = await world().runWith(aStage("s", named("a")));
      await drive(world().worker, {
        flow: (call) =>
          call.failedStage === "s" && call.completedStage === ""
            ? asksFor(aStage("clean", named("tidy")))
            : asksForNothing,
        failing: ["a", "tidy"],
      });
      expect(await world().status(run.id)).to.equal("failed");
      accepted(await world().store.retryStep(run.id, "tidy", false));
      expect(await world().status(run.id)).to.equal("running");
      expect((await drive(world().worker))[0]).to.equal("tidy");
      expect(await world().stages(run.id)).to.deep.equal({ s: "failed", clean: "completed" });
      expect(await world().status(run.id)).to.equal("failed");
    });
  });

  describe("retrying a step of an aborted run", () => {
    for (const [failFast, end] of [
      [true, "aborted"],
      [false, "completed"],
    ] as const)
      it(`lets another stage that was aborted with a failure in it fail, and the run with it; where it ${failFast ? "fails" : "does not fail"} fast`, async () => {
        const run = await world().runWith(aStage("s", named("a")));
        accepted(await world().store.scheduleStage(run.id, aStage("t", named("b", "c"), { failFast }), null));
        const tasks = await world().worker.claimSteps(3);
        const task = (id: string) => tasks.find((each) => each.id === id)!;
        await world().worker.record(failure(task("b")));
        accepted(await world().store.abortRun(run.id));
        await world().worker.record(aborted(task("a")), aborted(task("c")));
        expect(await world().status(run.id)).to.equal("aborted");
        accepted(await world().store.retryStep(run.id, "a", false));
        await drive(world().worker);
        expect(await world().stages(run.id)).to.deep.equal({ s: "completed", t: "failed" });
        expect((await world().steps(run.id))["c"]).to.equal(end);
        expect(await world().status(run.id)).to.equal("failed");
        expect((await world().run(run.id)).error?.details).to.deep.include({ stage: "t", stepId: "b" });
      });
  });

  describe("a worker that drains", () => {
    it("is not given what its own outcomes free", async () => {
      const run = await world().runWith(
        aStage("s", [...named("a", "z"), { id: "b", name: "x", dependsOn: ["a"] }]),
      );
      const [a] = await world().worker.claimSteps(2);
      await world().store.drainWorker(world().worker.key);
      const { claimed } = await world().worker.exchange({ outcomes: [success(a!)], freeSteps: 5 });
      expect(claimed).to.deep.equal([]);
      expect(await world().steps(run.id)).to.deep.include({ a: "completed", b: "pending" });
    });
  });
}

import type { FlowDocument, Json } from "@maxq/core";
import type { ClaimedTask } from "@maxq/db";
import { expect } from "chai";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { failure, printed, success } from "../kit/outcomes.js";
import { accepted, type World } from "../kit/world.js";

/** What a retry makes of outputs that failure callbacks, and what they scheduled, gave the run. */
export function outputsOfCallbacks(world: () => World): void {
  const says = (output: Json): FlowDocument => ({ reason: "final", output });

  /** Stages good and bad side by side: the call that tells of good's end says the run's output, then bad fails. The next call is the callback. */
  async function failedAfterOutput(): Promise<string> {
    const { runId, left: good, right: bad } = await world().sideBySide("good", "bad");
    await world().worker.record(success(good));
    await world().worker.record(printed(await world().worker.claimCall(), says("good")));
    await world().worker.record(failure(bad));
    expect((await world().run(runId)).output).to.equal("good");
    return runId;
  }

  async function expectEnd(runId: string, status: "completed" | "failed", output: Json): Promise<void> {
    await drive(world().worker);
    expect(await world().run(runId)).to.deep.include({ status, output });
  }

  describe("an output that a failure callback gave the run", () => {
    for (const dialect of ["prints", "posts"] as const)
      it(`is gone after a retry, where the callback ${dialect} it`, async () => {
        const run = await world().runWith(aStage("s", ["a"]));
        await world().worker.record(failure(await world().worker.claimStep()));
        const callback = await world().worker.claimCall();
        if (dialect === "posts") accepted(await world().store.finishScheduling(run.id, "bad", callback));
        await world().worker.record(printed(callback, dialect === "posts" ? asksForNothing : says("bad")));
        await expectEnd(run.id, "failed", "bad");
        accepted(await world().store.retryRun(run.id));
        await expectEnd(run.id, "completed", null);
      });

    it("gives way to the one before it, however many callbacks there were", async () => {
      const runId = await failedAfterOutput();
      for (const attempt of ["bad", "worse"]) {
        await world().worker.record(
          printed(await world().worker.claimCall(), asksFor(aStage("clean", ["c"]))),
        );
        const step = await world().worker.claimStep();
        accepted(await world().store.finishScheduling(runId, `${attempt}, says a step`, step));
        await world().worker.record(success(step));
        await world().worker.record(printed(await world().worker.claimCall(), says(attempt)));
        await expectEnd(runId, "failed", attempt);
        accepted(await world().store.retryRun(runId));
        expect((await world().run(runId)).output).to.equal("good");
        if (attempt === "bad") await world().worker.record(failure(await world().worker.claimStep()));
      }
      await expectEnd(runId, "completed", "good");
    });

    for (const steps of [["c"], []])
      it(`by a final stage ${steps.length === 0 ? "without steps " : ""}gives way to the one before it`, async () => {
        const runId = await failedAfterOutput();
        const clean = aStage("clean", steps, { final: true, output: "bad" });
        await world().worker.record(printed(await world().worker.claimCall(), asksFor(clean)));
        await expectEnd(runId, "failed", "bad");
        accepted(await world().store.retryRun(runId));
        await expectEnd(runId, "completed", "good");
      });

    it("gives way to the one before it when a step is retried, too", async () => {
      const runId = await failedAfterOutput();
      await world().worker.record(printed(await world().worker.claimCall(), says("bad")));
      await expectEnd(runId, "failed", "bad");
      accepted(await world().store.retryStep(runId, "bad.a", false));
      await expectEnd(runId, "completed", "good");
    });

    for (const who of ["it", "a step of its stage"])
      it(`gives way to the one before it where ${who} sets it on the run itself`, async () => {
        const runId = await failedAfterOutput();
        const callback = await world().worker.claimCall();
        const set = async (output: Json, caller: ClaimedTask) =>
          accepted(await world().store.patchRun(runId, { output }, caller)).run.output;
        if (who === "it") expect(await set("bad", callback)).to.equal("bad");
        await world().worker.record(printed(callback, asksFor(aStage("clean", ["c"]))));
        const step = await world().worker.claimStep();
        if (who !== "it") expect(await set("bad, says a step", step)).to.equal("bad, says a step");
        await world().worker.record(success(step));
        await expectEnd(runId, "failed", who === "it" ? "bad" : "bad, says a step");
        accepted(await world().store.retryRun(runId));
        await expectEnd(runId, "completed", "good");
      });

    it("does not take one with it that somebody set since", async () => {
      const runId = await failedAfterOutput();
      await world().worker.record(printed(await world().worker.claimCall(), says("bad")));
      accepted(await world().store.patchRun(runId, { output: "mine" }, null));
      accepted(await world().store.retryRun(runId));
      await expectEnd(runId, "completed", "mine");
    });

    /** Stages s and other side by side: s has failed and other runs on. Answers the call that tells of the failure, too. */
    async function failedBeside(): Promise<{ runId: string; callback: ClaimedTask; other: ClaimedTask }> {
      const { runId, left, right: other } = await world().sideBySide("s", "other");
      await world().worker.record(failure(left));
      return { runId, callback: await world().worker.claimCall(), other };
    }

    it("gives way when the failure is taken back while the run is open", async () => {
      const { runId, callback, other } = await failedBeside();
      await world().worker.record(printed(callback, says("bad")));
      expect((await world().run(runId)).output).to.equal("bad");
      accepted(await world().store.retryStep(runId, "s.a", false));
      expect((await world().run(runId)).output).to.equal(null);
      await world().worker.record(success(other));
      await expectEnd(runId, "completed", null);
    });

    it("stays while another failure stands, and gives way with the last", async () => {
      const { runId, callback, other } = await failedBeside();
      await world().worker.record(printed(callback, asksFor(aStage("clean", ["c"]))));
      await world().worker.record(failure(other));
      await world().worker.record(printed(await world().worker.claimCall(), says("bad")));
      const clean = await world().worker.claimStep();
      for (const [stage, output] of [
        ["s", "bad"],
        ["other", null],
      ] as const) {
        accepted(await world().store.retryStep(runId, `${stage}.a`, false));
        expect((await world().run(runId)).output).to.equal(output);
      }
      await world().worker.record(success(clean));
      await expectEnd(runId, "completed", null);
    });

    for (const how of ["printed", "posted", "PATCHed", "set by a final stage"] as const)
      it(`is none where it is ${how} after the failure was taken back`, async () => {
        const { runId, callback, other } = await failedBeside();
        accepted(await world().store.retryStep(runId, "s.a", false));
        if (how === "posted") accepted(await world().store.finishScheduling(runId, "bad", callback));
        if (how === "PATCHed") accepted(await world().store.patchRun(runId, { output: "bad" }, callback));
        const clean = asksFor(aStage("clean", ["c"], { final: true, output: "bad" }));
        await world().worker.record(
          printed(callback, how === "printed" ? says("bad") : how === "posted" ? asksForNothing : clean),
        );
        await world().worker.record(success(other));
        await expectEnd(runId, "completed", null);
      });

    for (const who of ["callback", "stage"] as const)
      it(`is the flow's own where the ${who} of a handled failure gave it, also once a step of that is retried`, async () => {
        const { runId, callback, other } = await failedBeside();
        const final = who === "stage" && { final: true, output: "mended" };
        const mend = aStage("mend", ["m"], { recover: true, ...final });
        if (who === "callback") accepted(await world().store.finishScheduling(runId, "mended", callback));
        accepted(await world().store.scheduleStage(runId, mend, callback));
        await world().worker.record(success(callback));
        await world().worker.record(success(await world().worker.claimStep()));
        accepted(await world().store.retryStep(runId, "s.a", false));
        await world().worker.record(success(other));
        await expectEnd(runId, "completed", "mended");
      });

    it("is the flow's own once the failure is handled", async () => {
      const runId = await failedAfterOutput();
      const mend = aStage("mend", ["m"], { recover: true });
      const callback = await world().worker.claimCall();
      accepted(await world().store.finishScheduling(runId, "mended", callback));
      accepted(await world().store.scheduleStage(runId, mend, callback));
      await world().worker.record(success(callback));
      await drive(world().worker, {
        flow: ({ failedStage }) => (failedStage === "" ? asksFor(aStage("next", ["n"])) : says("bad")),
        failing: ["next.n"],
      });
      expect(await world().run(runId)).to.deep.include({ status: "failed", output: "bad" });
      accepted(await world().store.retryRun(runId));
      await expectEnd(runId, "completed", "mended");
    });
  });
}

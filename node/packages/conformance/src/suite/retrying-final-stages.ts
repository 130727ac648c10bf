import type { ClaimedTask } from "@maxq/db";
import { expect } from "chai";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { failure, printed, success } from "../kit/outcomes.js";
import { tellings, told } from "../kit/tellings.js";
import { accepted, type World } from "../kit/world.js";

/** Who is called, and of what, once a step of a final stage is run again. */
export function retryingFinalStages(world: () => World): void {
  const end = aStage(
    "end",
    [
      { id: "may-fail", name: "x", allowFailure: true },
      { id: "after", name: "x", dependsOn: ["may-fail"] },
    ],
    { final: true },
  );

  /** A run whose first call, which still runs, asked for the stages beside and end; a step of each runs. */
  async function besideEnd(): Promise<{ runId: string; call: ClaimedTask; of: (id: string) => ClaimedTask }> {
    const { run, call } = await world().called();
    for (const stage of [aStage("beside", ["a"]), end])
      accepted(await world().store.scheduleStage(run.id, stage, call));
    const steps = await world().worker.claimSteps(2);
    return { runId: run.id, call, of: (id) => steps.find((step) => step.id === id)! };
  }

  describe("retrying a step of the final stage of a run that completed", () => {
    it("calls nobody for a stage that completed after that one", async () => {
      const { runId, call, of } = await besideEnd();
      await world().worker.record(success(call));
      await world().worker.record(failure(of("may-fail")));
      await world().worker.record(success(await world().worker.claimStep()));
      await world().worker.record(success(of("beside.a")));
      expect(await world().status(runId)).to.equal("completed");
      await expectNobodyCalled(runId);
    });

    it("makes no call that was due when that one completed", async () => {
      const { runId, call, of } = await besideEnd();
      await world().worker.record(success(of("beside.a")));
      await world().worker.record(failure(of("may-fail")));
      await world().worker.record(success(await world().worker.claimStep()));
      await world().worker.record(success(call));
      expect(await world().status(runId)).to.equal("completed");
      await expectNobodyCalled(runId);
    });

    /** Neither by the first retry, nor by another while the run goes on, and it completes again. */
    async function expectNobodyCalled(runId: string): Promise<void> {
      accepted(await world().store.retryStep(runId, "may-fail", true));
      await world().worker.record(failure(await world().worker.claimStep()));
      const after = await world().worker.claimStep();
      accepted(await world().store.retryStep(runId, "may-fail", false));
      await world().worker.record(success(after));
      expect(await tellings(world().worker)).to.deep.equal([]);
      expect(await world().steps(runId)).to.deep.include({ "may-fail": "completed", after: "completed" });
      expect(await world().status(runId)).to.equal("completed");
    }
  });

  describe("retrying a step of a final stage whose clean-up has another", () => {
    it("lets no stage follow it when the clean-up's fails", async () => {
      const run = await world().runWith(aStage("end", ["e"], { final: true }));
      await world().worker.record(failure(await world().worker.claimStep()));
      const clean = aStage("clean", ["c"], { final: true });
      await world().worker.record(printed(await world().worker.claimCall(), asksFor(clean)));
      const c = await world().worker.claimStep();
      accepted(await world().store.retryStep(run.id, "end.e", false));
      await world().worker.record(failure(c));
      expect(await world().store.scheduleStage(run.id, aStage("more", ["a"]), null)).to.deep.include({
        reason: "refused",
      });
      expect(await world().store.verify()).to.deep.equal([]);
    });
  });

  describe("retrying a run whose clean-up had a final stage", () => {
    it("tells of what completed after that one", async () => {
      const { runId, left: s, right: beside } = await world().sideBySide("s", "beside");
      await world().worker.record(failure(s));
      const clean = aStage("clean", ["c"], { final: true });
      await world().worker.record(printed(await world().worker.claimCall(), asksFor(clean)));
      await world().worker.record(success(await world().worker.claimStep()));
      await world().worker.record(success(beside));
      expect(await world().status(runId)).to.equal("failed");
      accepted(await world().store.retryRun(runId));
      const all: string[][] = [];
      await drive(world().worker, {
        flow: (next) => {
          all.push(told(next));
          return next.completedStage === "s"
            ? asksFor(aStage("end", ["e"], { final: true }))
            : asksForNothing;
        },
      });
      expect(all).to.deep.equal([
        ["beside", ""],
        ["s", ""],
      ]);
      expect(await world().status(runId)).to.equal("completed");
    });
  });
}

import { expect } from "chai";
import type { ClaimedTask } from "@maxq/db";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { failure, printed, success } from "../kit/outcomes.js";
import { accepted, type World } from "../kit/world.js";

const told = ({ completedStage, failedStage }: ClaimedTask) => [completedStage, failedStage];

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
}

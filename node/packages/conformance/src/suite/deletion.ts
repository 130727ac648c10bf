import { expect } from "chai";
import { aStage, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { rowsLeft } from "../kit/left.js";
import { aborted, output, success } from "../kit/outcomes.js";
import { first } from "../kit/pages.js";
import { accepted, codeOf, type World } from "../kit/world.js";

export function deletion(world: () => World): void {
  describe("deleting a run", () => {
    it("takes everything of it and nothing of others", async () => {
      const steps = [
        { name: "a", instances: 3, env: { A: "1" } },
        { name: "b", dependsOn: ["a"] },
        { name: "c", dependsOn: ["b"] },
      ];
      const make = async () => {
        const run = await world().runWith(aStage("s", steps, { final: true }));
        await world().store.putArtifact(run.id, "x", 1, null);
        await drive(world().worker, {
          flow: () => asksForNothing,
          step: (task) => success(task, { output: output("x"), fields: { f: 1 } }),
        });
        return run;
      };
      const [gone, kept] = [await make(), await make()];
      const before = await everything(kept.id);
      expect(accepted(await world().store.deleteRun(gone.id))).to.deep.equal({ reason: "deleted" });
      expect(await world().store.getRun(gone.id)).to.equal(null);
      expect(await world().store.getStep(gone.id, "s.b")).to.equal(null);
      expect(await world().store.getArtifact(gone.id, "x")).to.equal(null);
      expect(await world().store.readEvents(gone.id, null, 10)).to.deep.equal([]);
      expect(await world().store.listFields(gone.id, null, null)).to.equal(null);
      expect((await world().store.listRuns({}, first(10))).data.map((run) => run.id)).to.deep.equal([
        kept.id,
      ]);
      expect(await everything(kept.id)).to.deep.equal(before);
    });

    it("leaves no row of it in any table", async () => {
      const steps = [
        "a",
        { name: "g", instances: 3 },
        { name: "b", dependsOn: ["a", "g"], maxRetries: 1, env: { A: "1" } },
      ];
      const { run, call } = await world().called({ idempotency: { key: "k", bodyHash: "h" } });
      await world().store.scheduleStage(run.id, aStage("s", steps), call);
      await world().worker.record(success(call, { output: output("x") }));
      await drive(world().worker, {
        failing: ["s.b"],
        step: (task) => success(task, { output: output("x"), fields: { f: 1 }, warnings: ["w"] }),
      });
      await world().store.putArtifact(run.id, "x", 1, null);
      accepted(await world().store.deleteRun(run.id));
      expect(await rowsLeft(world())).to.deep.equal({});
    });

    it("is refused until its last process is gone", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      expect(codeOf(await world().store.deleteRun(run.id))).to.equal("RUN_NOT_OVER");
      const task = await world().worker.claimStep();
      await world().store.pauseRun(run.id);
      expect(codeOf(await world().store.deleteRun(run.id))).to.equal("RUN_NOT_OVER");
      await world().store.abortRun(run.id);
      expect(codeOf(await world().store.deleteRun(run.id))).to.equal("RUN_NOT_OVER");
      await world().worker.record(aborted(task));
      accepted(await world().store.deleteRun(run.id));
      expect(codeOf(await world().store.deleteRun(run.id))).to.equal("RUN_NOT_FOUND");
    });

    it("makes a late outcome of it stale", async () => {
      const run = await world().runWith(aStage("s", ["a"], { final: true }));
      const task = await world().worker.claimStep();
      await world().worker.record(success(task));
      await world().store.deleteRun(run.id);
      expect((await world().worker.record(success(task))).stale).to.deep.equal([task.key]);
    });
  });

  async function everything(runId: string): Promise<unknown> {
    const { store } = world();
    return {
      run: await store.getRun(runId),
      stages: await store.listStages(runId),
      steps: await Promise.all(["s.a.0", "s.b", "s.c", "flow:1"].map((id) => store.getStep(runId, id))),
      fields: await store.listFields(runId, null, null),
      artifact: await store.getArtifact(runId, "x"),
      events: await store.readEvents(runId, null, 1_000),
    };
  }
}

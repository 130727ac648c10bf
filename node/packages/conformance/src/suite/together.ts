import { expect } from "chai";
import { aStage, asksFor } from "../kit/a-stage.js";
import { failure, output, printed, success } from "../kit/outcomes.js";
import type { World } from "../kit/world.js";

/** A Store may record what several runs tell of at the same time in other ways than one after the other. */
export function together(world: () => World): void {
  describe("what ends in several runs at a time", () => {
    const final = aStage("s", ["a"], { final: true });

    it("ends the runs whose last step it was, but for what comes too late", async () => {
      const runs = [await world().runWith(final), await world().runWith(final), await world().runWith(final)];
      const [a, b, c] = await world().worker.claimSteps();
      const said = success(a!, { output: output("said") });
      const { stale, ended } = await world().worker.record(said, success(b!, { attempt: 7 }), success(c!));
      expect(stale).to.deep.equal([b!.key]);
      expect(ended.map(({ runId }) => runId)).to.have.members([runs[0]!.id, runs[2]!.id]);
      expect((await world().store.getStep(runs[0]!.id, "s.a"))!.output.stdout).to.equal("said");
      expect(await world().steps(runs[1]!.id)).to.deep.equal({ "s.a": "running" });
      expect(await world().stages(runs[1]!.id)).to.deep.equal({ s: "running" });
      expect((await world().worker.record(success(b!))).ended).to.have.length(1);
    });

    it("ends no run on which a word stands, or that has something else open", async () => {
      const paused = await world().runWith(final);
      const open = await world().runWith(aStage("s", ["a", "b"], { final: true }));
      const failing = await world().runWith(aStage("s", ["a", "b"], { final: true, failFast: false }));
      const tasks = await world().worker.claimSteps();
      const of = ({ id }: { readonly id: string }) => tasks.filter((task) => task.runId === id);
      await world().store.pauseRun(paused.id);
      const [failed, other] = of(failing);
      await world().worker.record(failure(failed!));
      const told = [...of(paused), of(open)[0]!, other!].map((task) => success(task));
      const { ended, controls } = await world().worker.record(...told);
      expect(controls).to.deep.include({ runId: paused.id, word: "pause" });
      expect(ended.map(({ runId }) => runId))
        .to.not.include(open.id)
        .and.not.include(paused.id);
      expect(await world().stages(open.id)).to.deep.equal({ s: "running" });
      expect(await world().stages(failing.id)).to.deep.equal({ s: "failed" });
      await world().worker.record(success(of(open)[1]!));
    });

    it("starts the steps that flow calls ask for, as many as there is room, the first of them at once", async () => {
      const runs = [await world().create(), await world().create(), await world().create()];
      const { claimed: calls } = await world().worker.exchange({ freeCalls: 3 });
      const asks = asksFor(aStage("s", ["a", "b"]));
      const { claimed } = await world().worker.exchange({
        ...{ outcomes: calls.map((call) => printed(call, asks)), freeSteps: 3, aheadSteps: 2 },
      });
      expect(claimed).to.have.length(5);
      const started = await Promise.all(
        claimed.map(async ({ runId, id }) => (await world().step(runId, id)).startedAt !== null),
      );
      expect(started).to.deep.equal([true, true, true, false, false]);
      const statuses = await Promise.all(runs.map(({ id }) => world().steps(id)));
      expect(
        statuses.flatMap((of) => Object.values(of)).filter((status) => status === "pending"),
      ).to.have.length(1);
      const { claimed: last } = await world().worker.exchange({
        ...{ outcomes: claimed.map((task) => success(task)), freeSteps: 3, aheadSteps: 2 },
      });
      expect(last).to.have.length(1);
      await world().worker.record(success(last[0]!));
    });

    it("does not pass by what waits already", async () => {
      const waiting = await world().runWith(aStage("s", ["a", "b", "c"]));
      const { call } = await world().called();
      const { claimed } = await world().worker.exchange({
        ...{ outcomes: [printed(call, asksFor(final))], freeSteps: 3 },
      });
      expect(claimed.map(({ runId }) => runId)).to.include(waiting.id);
      const more = await world().worker.claimSteps();
      expect([...claimed, ...more]).to.have.length(4);
      await world().worker.record(...[...claimed, ...more].map((task) => success(task)));
    });
  });
}

import { expect } from "chai";
import { aStage } from "../kit/a-stage.js";
import { failure, success } from "../kit/outcomes.js";
import type { World } from "../kit/world.js";

const noneUnderway = { waiting: 0, delayed: 0, claimed: 0, running: 0, oldestMs: null };

export function census(world: () => World): void {
  describe("the census", () => {
    it("of an empty database counts its workers alone", async () => {
      const found = await world().store.census();
      expect(found).to.deep.include({ steps: noneUnderway, calls: noneUnderway });
      expect(found.runs).to.deep.equal({
        pending: 0,
        running: 0,
        paused: 0,
        completed: 0,
        failed: 0,
        aborted: 0,
      });
      expect(found.workers.live).to.equal(1);
      await world().store.drainWorker(world().worker.key);
      expect((await world().store.census()).workers).to.deep.include({ live: 0, draining: 1 });
    });

    it("counts runs by status", async () => {
      const { store, worker } = world();
      for (const end of [success, failure]) await worker.record(end((await world().called()).call));
      await store.abortRun((await world().create()).id);
      await store.pauseRun((await world().create()).id);
      await world().called();
      await world().create();
      const one = { pending: 1, running: 1, paused: 1, completed: 1, failed: 1, aborted: 1 };
      expect((await store.census()).runs).to.deep.equal(one);
    });

    it("counts steps and calls by how far they are", async () => {
      const { store, worker } = world();
      const retried = { name: "retried", maxRetries: 1, retryDelayMs: 500_000, priority: 9 };
      const steps = [retried, { name: "many", instances: 4 }, { name: "after", dependsOn: ["many"] }];
      await world().runWith(aStage("s", steps));
      await worker.record(failure(await worker.claimStep()));
      await worker.exchange({ freeSteps: 1, aheadSteps: 1 });
      await world().create();
      const found = await store.census();
      expect(found.steps).to.deep.include({ waiting: 2, delayed: 1, claimed: 1, running: 1 });
      expect(found.calls).to.deep.include({ waiting: 1, running: 0 });
    });

    it("says how long the first in the queue has been waiting, of whatever priority", async () => {
      const { store, subject } = world();
      await world().runWith(aStage("s", [{ name: "low", priority: -5 }]));
      await subject.turnClock(50_000);
      await world().runWith(aStage("s", [{ name: "high", priority: 5 }]));
      const { steps, calls } = await store.census();
      expect(steps.oldestMs).to.be.within(50_000, 55_000);
      expect(calls.oldestMs).to.equal(null);
    });
  });

  describe("the time that a task waited for its claim", () => {
    it("counts from when it was made", async () => {
      await world().create();
      await world().subject.turnClock(50_000);
      expect((await world().worker.claimCall()).waitedMs).to.be.within(50_000, 55_000);
    });

    it("counts from when what it depends on was completed", async () => {
      const { worker, subject, store } = world();
      await world().runWith(aStage("s", ["a", { name: "b", dependsOn: ["a"] }]));
      const a = await worker.claimStep();
      await subject.turnClock(50_000);
      await worker.record(success(a));
      expect((await store.census()).steps.oldestMs).to.be.within(0, 5_000);
      await subject.turnClock(20_000);
      expect((await worker.claimStep()).waitedMs).to.be.within(20_000, 25_000);
    });

    it("is nothing where it was claimed with the outcome that freed it, also of a later round", async () => {
      const { worker, subject, store } = world();
      const steps = [
        { name: "a", allowFailure: true },
        { name: "b", dependsOn: ["a"] },
      ];
      const run = await world().runWith(aStage("s", steps));
      await worker.record(failure(await worker.claimStep()));
      await worker.record(success(await worker.claimStep()));
      await subject.turnClock(50_000);
      await store.retryStep(run.id, "s.a", true);
      const again = await worker.exchange({ outcomes: [success(await worker.claimStep())], freeSteps: 1 });
      expect(again.claimed.map(({ id, waitedMs }) => [id, waitedMs < 5_000])).to.deep.equal([["s.b", true]]);
    });

    it("counts anew after a hand-back", async () => {
      const { worker, subject } = world();
      await world().runWith(aStage("s", ["a"]));
      const { key, attempt } = await worker.claimStep();
      await subject.turnClock(50_000);
      await worker.exchange({ released: [{ key, attempt }] });
      await subject.turnClock(20_000);
      expect((await worker.claimStep()).waitedMs).to.be.within(20_000, 25_000);
    });
  });
}

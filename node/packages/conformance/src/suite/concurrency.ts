import { expect } from "chai";
import type { ClaimedTask } from "@maxq/db";
import { aStage } from "../kit/a-stage.js";
import { failure, success } from "../kit/outcomes.js";
import { TestWorker } from "../kit/test-worker.js";
import { accepted, type World } from "../kit/world.js";

/** Works until `done` says so; answers which attempts it was given. */
async function work(
  worker: TestWorker,
  slots: number,
  done: () => boolean,
  end: (task: ClaimedTask) => ReturnType<typeof success>,
): Promise<string[]> {
  const got: string[] = [];
  let running: readonly ClaimedTask[] = [];
  while (!done()) {
    const { claimed } = await worker.exchange({ outcomes: running.map(end), freeSteps: slots, freeCalls: 2 });
    got.push(...claimed.map((task) => `${task.key}.${task.attempt}`));
    running = claimed;
  }
  await worker.record(...running.map(end));
  return got;
}

export function concurrency(world: () => World): void {
  async function crew(size: number): Promise<TestWorker[]> {
    const { store, other } = world().subject;
    return Promise.all(Array.from({ length: size }, (_, n) => TestWorker.register(n % 2 ? other : store)));
  }

  /** Whether these runs are over, asked now and then. */
  function watch(runIds: readonly string[]): {
    readonly over: () => boolean;
    readonly watching: Promise<void>;
  } {
    let over = false;
    const deadline = Date.now() + 120_000;
    const watching = (async () => {
      while (!over) {
        const statuses = await Promise.all(runIds.map((id) => world().status(id)));
        over =
          Date.now() > deadline ||
          statuses.every((status) => ["completed", "failed", "aborted"].includes(status));
      }
    })();
    return { over: () => over, watching };
  }

  describe("several workers at once", () => {
    it("never get one attempt twice, and end every run", async function () {
      this.timeout(180_000);
      const steps = [
        { name: "a", instances: 150 },
        { name: "b", instances: 150, dependsOn: ["a"] },
        { name: "c", dependsOn: ["b"] },
      ];
      const runs = [];
      for (let n = 0; n < 4; n++) runs.push((await world().runWith(aStage("s", steps))).id);
      const { over, watching } = watch(runs);
      const got = await Promise.all(
        (await crew(4)).map((worker) => work(worker, 10, over, (task) => success(task))),
      );
      await watching;
      const all = got.flat();
      expect(new Set(all).size).to.equal(all.length);
      for (const id of runs) {
        expect(await world().status(id)).to.equal("completed");
        expect((await world().store.listStages(id))[0]!.counts.completed).to.equal(301);
      }
      expect(all).to.have.length(4 * (301 + 1));
    });

    it("with failures, retries and a maxParallel end every run", async function () {
      this.timeout(180_000);
      const steps = [
        { name: "a", instances: 60, maxRetries: 2, allowFailure: true },
        { name: "b", instances: 20, dependsOn: ["a"] },
      ];
      const runs = [];
      for (let n = 0; n < 3; n++)
        runs.push((await world().runWith(aStage("s", steps, { maxParallel: 7 }))).id);
      const { over, watching } = watch(runs);
      const end = (task: ClaimedTask) =>
        task.name === "a" && (task.sequence + task.attempt) % 3 === 0 ? failure(task) : success(task);
      const got = (await Promise.all((await crew(3)).map((worker) => work(worker, 5, over, end)))).flat();
      await watching;
      expect(new Set(got).size).to.equal(got.length);
      for (const id of runs) expect(await world().status(id)).to.equal("completed");
    });

    it("while the run is paused, resumed, written to and aborted come to one end", async function () {
      this.timeout(180_000);
      const run = await world().runWith(
        aStage("s", [
          { name: "a", instances: 400 },
          { name: "b", instances: 400, dependsOn: ["a"] },
        ]),
      );
      const { over, watching } = watch([run.id]);
      const crews = (await crew(3)).map((worker) => work(worker, 5, over, (task) => success(task)));
      const { store, other } = world().subject;
      for (let round = 0; round < 10; round++) {
        await Promise.all([
          other.pauseRun(run.id),
          store.mergeFields(run.id, "s.b.1", { round }, null),
          other.putArtifact(run.id, "x", round, null),
          store.appendLog(
            run.id,
            { level: "info", message: "x", entityType: "run", entityId: null, metadata: null },
            null,
          ),
        ]);
        await store.resumeRun(run.id);
      }
      const { run: ending } = accepted(await other.abortRun(run.id));
      expect(ending.status).to.be.oneOf(["running", "aborted"]);
      await Promise.all([...crews, watching]);
      expect(await world().status(run.id)).to.equal("aborted");
      const counts = (await store.listStages(run.id))[0]!.counts;
      expect([counts.pending, counts.running]).to.deep.equal([0, 0]);
    });

    it("that schedule the same stage at once store it once", async () => {
      const { run } = await world().called();
      const plan = aStage("s", ["a", "b"]);
      const { store, other } = world().subject;
      const answers = await Promise.all(
        [store, other, store, other].map((each) => each.scheduleStage(run.id, plan, null)),
      );
      const reasons = answers.map((answer) => accepted(answer).reason).toSorted();
      expect(reasons).to.deep.equal(["repeated", "repeated", "repeated", "scheduled"]);
      expect(await world().worker.claimSteps()).to.have.length(2);
    });
  });

  describe("a stage of 20,000 steps", () => {
    it("is stored, claimed and completed", async function () {
      this.timeout(120_000);
      const run = await world().runWith(
        aStage(
          "s",
          [
            { name: "a", instances: 20_000 },
            { name: "b", dependsOn: ["a"] },
          ],
          { final: true },
        ),
      );
      let running = await world().worker.claimSteps(1_000);
      let count = 0;
      while (running.length > 0) {
        count += running.length;
        const { claimed } = await world().worker.exchange({
          outcomes: running.map((task) => success(task)),
          freeSteps: 1_000,
        });
        running = claimed;
      }
      expect(count).to.equal(20_001);
      expect(await world().status(run.id)).to.equal("completed");
      expect(
        await world().store.listSteps(run.id, {}, { limit: 1, offset: 0, cursor: null }),
      ).to.deep.include({ totalIsEstimate: true });
    });
  });
}

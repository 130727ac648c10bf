import type { Run } from "@maxq/core";
import { invariants, type ClaimedTask, type Outcome, type Violation } from "@maxq/db";
import { expect } from "chai";
import { aStage, asksFor, asksForNothing } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { failure, handedBack, lost, success } from "../kit/outcomes.js";
import { TestWorker } from "../kit/test-worker.js";
import { accepted, type World } from "../kit/world.js";
import { planted } from "./verify/planted.js";

const steps = [
  { name: "a", instances: 2 },
  { name: "b", dependsOn: ["a"] },
  { id: "e", name: "x" },
  { id: "f", name: "x", dependsOn: ["e"] },
];

/** Runs in every state that the plants need; nothing of `waiting` is claimed. */
async function scene(world: World): Promise<Record<"done" | "failed" | "open" | "waiting", Run>> {
  const done = await world.runWith(aStage("s", steps));
  await drive(world.worker);
  const failed = await world.runWith(aStage("s", steps));
  await drive(world.worker, { failing: ["e"] });
  const open = await world.runWith(aStage("s", steps));
  await world.worker.claimSteps(3);
  const waiting = await world.runWith(aStage("s", steps));
  return { done, failed, open, waiting };
}

/** Most succeed; of the rest some fail, some are lost, some are handed back. */
function anOutcome(task: ClaimedTask): Outcome {
  if (task.kind === "flow") return success(task);
  const lot = (task.key * 7 + task.attempt * 3) % 40;
  return lot === 0 ? failure(task) : lot === 1 ? lost(task) : lot === 2 ? handedBack(task) : success(task);
}

export function verify(world: () => World): void {
  const found = async (): Promise<readonly Violation[]> => world().store.verify();

  describe("verifying", () => {
    it("finds nothing in an empty database", async () => {
      expect(await found()).to.deep.equal([]);
    });

    it("finds nothing at any moment of a mixed load", async () => {
      const { store, worker } = world();
      const run = await world().runWith(
        aStage("s", [...steps, { name: "c", maxRetries: 2, dependsOn: ["f"] }]),
      );
      await world().runWith(aStage("p", [{ name: "a", instances: 6 }], { maxParallel: 2, failFast: false }));
      const [first, second, third] = await worker.claimSteps(3);
      expect(await found()).to.deep.equal([]);
      await worker.exchange({ outcomes: [success(first!), failure(second!)], released: [third!] });
      expect(await found()).to.deep.equal([]);
      const paused = await world().runWith(aStage("s", steps));
      accepted(await store.pauseRun(paused.id));
      const some = await worker.claimSteps(4);
      await worker.record(...some.map((step, n) => (n % 2 ? lost(step) : handedBack(step))));
      expect(await found()).to.deep.equal([]);
      accepted(await store.resumeRun(paused.id));
      const before = await worker.claimSteps(2);
      accepted(await store.abortRun(paused.id));
      expect(await found()).to.deep.equal([]);
      await worker.record(...before.map((step) => success(step)));
      const callsBack = asksFor(aStage("clean", ["tidy"]));
      await drive(worker, {
        failing: ["p.a.3"],
        flow: (call) => (call.failedStage === "" ? asksForNothing : callsBack),
      });
      expect(await found()).to.deep.equal([]);
      accepted(await store.retryRun(paused.id));
      await drive(worker, { slots: 2 });
      expect(await found()).to.deep.equal([]);
      expect(await world().status(run.id)).to.be.oneOf(["completed", "failed"]);
    });

    it("finds nothing while workers are at work, and runs are paused, aborted and retried", async function () {
      this.timeout(180_000);
      const { store, other } = world().subject;
      const plan = [
        { name: "a", instances: 60, maxRetries: 1 },
        { name: "b", instances: 60, dependsOn: ["a"], allowFailure: true },
        { name: "c", dependsOn: ["b"] },
      ];
      const runs: Run[] = [];
      for (let n = 0; n < 6; n++)
        runs.push(
          await world().runWith(aStage("s", plan, { failFast: n < 3, ...(n % 2 && { maxParallel: 7 }) })),
        );
      let over = false;
      const crew = [store, other, other].map(async (one) => {
        const worker = await TestWorker.register(one);
        let held: readonly ClaimedTask[] = [];
        while (!over) {
          const outcomes = held.filter((_, n) => n % 9 !== 8).map(anOutcome);
          const released = held.filter((_, n) => n % 9 === 8);
          held = (await worker.exchange({ outcomes, released, freeSteps: 9, freeCalls: 1 })).claimed;
        }
      });
      const control = (async () => {
        await store.pauseRun(runs[0]!.id);
        await other.abortRun(runs[1]!.id);
        await store.resumeRun(runs[0]!.id);
        for (;;) {
          const { reason } = await other.retryRun(runs[1]!.id);
          if (reason === "retried" || (await world().status(runs[1]!.id)) === "completed") break;
        }
        const done = async (): Promise<boolean> =>
          (await Promise.all(runs.map((run) => world().status(run.id)))).every((status) =>
            ["completed", "failed"].includes(status),
          );
        while (!(await done()));
        over = true;
      })();
      const violations: Violation[] = [];
      while (!over) violations.push(...(await other.verify()));
      await Promise.all([control, ...crew]);
      expect(violations).to.deep.equal([]);
    });

    it("knows a plant for each invariant", () => {
      expect(Object.keys(planted).toSorted()).to.deep.equal(invariants.map(({ name }) => name).toSorted());
    });

    for (const [name, plant] of Object.entries(planted)) {
      it(`finds what breaks the invariant "${name.replaceAll("_", " ")}"`, async () => {
        const runs = await scene(world());
        expect(await found()).to.deep.equal([]);
        world().isSpoilt = true;
        for (const sql of plant.sql(runs)) await world().subject.query(sql);
        const violations = (await found()).filter(({ invariant }) => invariant === name);
        const about = Object.entries(plant.about(runs)) as [keyof Violation, string][];
        const hit = violations.find((row) => about.every(([column, value]) => row[column] === value));
        expect(hit, JSON.stringify(violations)).not.to.equal(undefined);
        expect(hit!.expected).not.to.equal(hit!.found);
        expect(hit!.cure).to.match(/\.$/);
      });
    }

    it("gives those who rescue a lease's time", async () => {
      const { run } = await world().called();
      const other = await TestWorker.register(world().store);
      world().isSpoilt = true;
      await world().subject.query(`update worker set status = 'lost' where key = ${world().worker.key}`);
      expect(await found()).to.deep.equal([]);
      await world().subject.turnClock(60_000);
      await world().store.renewLease(other.key);
      const [violation] = await found();
      expect(violation).to.deep.include({ invariant: "running_steps_have_an_owner", runId: run.id });
      await world().store.runTimers();
      expect(await found()).to.deep.equal([]);
    });
  });
}

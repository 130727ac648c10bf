import { expect } from "chai";
import { aRun } from "../kit/a-run.js";
import { aStage } from "../kit/a-stage.js";
import { aborted, success } from "../kit/outcomes.js";
import { TestWorker, aWorker } from "../kit/test-worker.js";
import { accepted, type World } from "../kit/world.js";

export function workers(world: () => World): void {
  async function leaseOf(worker: TestWorker) {
    const leases = await world().store.listLeases(null);
    const lease = leases.find((each) => each.workerKey === worker.key);
    if (lease === undefined) throw new Error("the worker has no lease");
    return lease;
  }

  async function rescue(worker: TestWorker): Promise<number | null> {
    return world().store.rescueWorker(worker.key, (await leaseOf(worker)).renewals);
  }

  describe("workers", () => {
    it("are listed with what they run", async () => {
      const key = await world().store.registerWorker(
        aWorker({
          id: "h/7",
          host: "h",
          pid: 77,
          role: "all",
          slots: 3,
          launcher: "native",
          containment: "subreaper",
          version: "1.2.3",
        }),
      );
      const worker = (await world().store.listWorkers()).find((each) => each.id === "h/7")!;
      expect(worker).to.deep.include({
        host: "h",
        pid: 77,
        role: "all",
        slots: 3,
        running: 0,
        launcher: "native",
        containment: "subreaper",
        version: "1.2.3",
        status: "live",
      });
      expect(worker.lastHeartbeatAt).to.be.at.least(worker.registeredAt);
      await world().store.drainWorker(key);
      expect((await world().store.listWorkers()).find((each) => each.id === "h/7")!.status).to.equal(
        "draining",
      );
      await world().store.retireWorker(key);
      expect((await world().store.listWorkers()).some((each) => each.id === "h/7")).to.equal(false);
    });

    it("count what they own as running", async () => {
      await world().runWith(aStage("s", ["a", "b"]));
      await world().worker.claimSteps();
      const own = (await world().store.listWorkers()).find((each) => each.id === world().worker.id)!;
      expect(own.running).to.equal(2);
      expect(
        (await world().step((await world().store.ownedTasks(world().worker.key, 0))[0]!.runId, "s.a"))
          .workerId,
      ).to.equal(world().worker.id);
    });

    it("get a key of their own with each registration", async () => {
      const first = await TestWorker.register(world().store, { id: "same/1" });
      const second = await TestWorker.register(world().store, { id: "same/1" });
      expect(second.key).not.to.equal(first.key);
    });
  });

  describe("a lease", () => {
    it("counts its renewals", async () => {
      const before = await leaseOf(world().worker);
      expect(await world().store.renewLease(world().worker.key)).to.deep.include({
        reason: "renewed",
        controls: [],
      });
      const after = await leaseOf(world().worker);
      expect(after.renewals).to.equal(before.renewals + 1);
      expect(after).to.deep.include({ leaseMs: 30_000, bootId: "boot" });
    });

    it("answers with its renewal what others hold, what is due and whether there is work", async () => {
      const renew = async () => {
        const answer = await world().store.renewLease(world().worker.key);
        if (answer.reason === "lost") throw new Error("the lease is lost");
        return answer;
      };
      const { key } = world().worker;
      const idle = await renew();
      expect(idle).to.deep.include({ controls: [], dueInMs: null, work: false });
      const other = await TestWorker.register(world().store);
      await world().runWith(aStage("s", ["a"]), { timeoutMs: 100_000 });
      const busy = await renew();
      expect(busy.work).to.equal(true);
      expect(busy.dueInMs).to.be.within(1, 100_000);
      expect(busy.others).to.deep.equal(await world().store.listLeases(key));
      expect(busy.others.map(({ workerKey }) => workerKey)).to.include(other.key);
      await world().worker.claimStep();
      expect((await renew()).work).to.equal(false);
      await world().subject.turnClock(100_001);
      expect((await renew()).dueInMs).to.equal(0);
    });

    it("of one's own is left out where that is asked for", async () => {
      const other = await TestWorker.register(world().store);
      const keys = (await world().store.listLeases(world().worker.key)).map((lease) => lease.workerKey);
      expect(keys).to.include(other.key).and.not.to.include(world().worker.key);
    });

    it("is one that the end of a run waits for while its worker owns a task of one that is aborted", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const task = await world().worker.claimStep();
      expect(await world().store.listAwaited()).to.deep.equal([]);
      accepted(await world().store.abortRun(run.id));
      expect(await world().store.listAwaited()).to.deep.equal([world().worker.key]);
      await world().worker.record(aborted(task));
      expect(await world().store.listAwaited()).to.deep.equal([]);
    });

    it("of a draining worker can be renewed, of a retired one not", async () => {
      await world().store.drainWorker(world().worker.key);
      expect((await world().store.renewLease(world().worker.key)).reason).to.equal("renewed");
      await world().store.retireWorker(world().worker.key);
      expect((await world().store.renewLease(world().worker.key)).reason).to.equal("lost");
      expect(
        (await world().store.listLeases(null)).some((lease) => lease.workerKey === world().worker.key),
      ).to.equal(false);
    });
  });

  describe("a succession", () => {
    const process = { bootId: "boot", pid: 4711, pidStartedAt: "early" };

    it("hands on what a dead process owned, as it is, to a registration of its own", async () => {
      const dead = await TestWorker.register(world().store, process);
      const run = await world().runWith(aStage("s", ["a", "b"], { final: true }));
      const [a, b] = (await dead.exchange({ freeSteps: 1, aheadSteps: 1 })).claimed;
      const heir = await TestWorker.succeed(world().store, [process]);
      expect(heir!.key).not.to.equal(dead.key);
      const owned = await world().store.ownedTasks(heir!.key, 0);
      expect(owned.map(({ key, attempt }) => ({ key, attempt }))).to.deep.equal(
        [a!, b!].map(({ key, attempt }) => ({ key, attempt })),
      );
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "running", "s.b": "running" });
      await heir!.record(...owned.map((task) => success(task)));
      expect(await world().status(run.id)).to.equal("completed");
      expect((await world().step(run.id, "s.a")).attempt).to.equal(1);
    });

    it("makes whatever the dead process still sends stale", async () => {
      const dead = await TestWorker.register(world().store, process);
      const run = await world().runWith(aStage("s", ["a", "b"]));
      const task = await dead.claimStep();
      await TestWorker.succeed(world().store, [process]);
      expect((await dead.record(success(task))).stale).to.deep.equal([task.key]);
      expect(await dead.claimSteps()).to.deep.equal([]);
      expect(await world().store.renewLease(dead.key)).to.deep.equal({ reason: "lost" });
      expect((await world().step(run.id, "s.a")).status).to.equal("running");
    });

    it("is of the first process that has a registration, draining ones included", async () => {
      const dead = await TestWorker.register(world().store, process);
      await world().runWith(aStage("s", ["a"]));
      const task = await dead.claimStep();
      await world().store.drainWorker(dead.key);
      const heir = await TestWorker.succeed(world().store, [{ ...process, pid: 4712 }, process]);
      expect((await world().store.ownedTasks(heir!.key, 0)).map(({ key }) => key)).to.deep.equal([task.key]);
    });

    it("keeps the dead process's lease where that is longer: its launcher may not know of another yet", async () => {
      for (const [dead, own, kept] of [
        [30_000, 4_000, 30_000],
        [4_000, 30_000, 30_000],
      ] as const) {
        await TestWorker.register(world().store, { ...process, leaseMs: dead });
        const heir = await TestWorker.succeed(world().store, [process], { leaseMs: own });
        expect((await leaseOf(heir!)).leaseMs).to.equal(kept);
      }
    });

    it("registers nobody where the dead were rescued, or never were", async () => {
      const dead = await TestWorker.register(world().store, process);
      await rescue(dead);
      expect(await TestWorker.succeed(world().store, [process], { id: "heir/1" })).to.equal(null);
      expect((await world().store.listWorkers()).some(({ id }) => id === "heir/1")).to.equal(false);
    });
  });

  describe("a rescue", () => {
    it("gives back started steps as lost attempts and unstarted ones as they were", async () => {
      const run = await world().runWith(aStage("s", ["a", "b"]));
      await world().worker.exchange({ freeSteps: 1, aheadSteps: 1 });
      expect(await rescue(world().worker)).to.equal(2);
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "pending", "s.b": "pending" });
      expect(
        (await world().store.getStep(run.id, "s.a"))!.attempts.map((attempt) => attempt.reason),
      ).to.deep.equal(["worker_lost"]);
      expect((await world().store.getStep(run.id, "s.b"))!.attempts).to.deep.equal([]);
      const other = await TestWorker.register(world().store);
      const claimed = await other.claimSteps();
      expect(claimed).to.have.length(2);
      expect(claimed.every((task) => task.attempt > 1 || task.id === "s.b")).to.equal(true);
    });

    it("gives back flow calls", async () => {
      const { run, call } = await world().called();
      expect(await rescue(world().worker)).to.equal(1);
      const other = await TestWorker.register(world().store);
      const again = await other.claimCall();
      expect(again.attempt).to.be.above(call.attempt);
      await other.record(success(again));
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("makes outcomes of the lost worker stale once a newer attempt runs", async () => {
      const run = await world().runWith(aStage("s", ["a"], { final: true }));
      const task = await world().worker.claimStep();
      await rescue(world().worker);
      const other = await TestWorker.register(world().store);
      const again = await other.claimStep();
      expect((await world().worker.record(success(task))).stale).to.deep.equal([task.key]);
      expect((await world().step(run.id, "s.a")).status).to.equal("running");
      await other.record(success(again));
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("tells the worker at its next heartbeat, and gives it nothing more", async () => {
      await rescue(world().worker);
      expect(await world().store.renewLease(world().worker.key)).to.deep.equal({ reason: "lost" });
      await world().store.createRun(aRun({ flowName: "x" }));
      expect(await world().worker.claimCalls()).to.deep.equal([]);
    });

    it("does nothing if the worker renewed meanwhile", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await world().worker.claimStep();
      const { renewals } = await leaseOf(world().worker);
      await world().store.renewLease(world().worker.key);
      expect(await world().store.rescueWorker(world().worker.key, renewals)).to.equal(null);
      expect((await world().step(run.id, "s.a")).status).to.equal("running");
    });

    it("by two at once is one", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await world().worker.claimStep();
      const { renewals } = await leaseOf(world().worker);
      const { store, other } = world().subject;
      const answers = await Promise.all(
        [store, other].map((each) => each.rescueWorker(world().worker.key, renewals)),
      );
      expect(answers.filter((answer) => answer !== null)).to.deep.equal([1]);
      expect((await world().store.getStep(run.id, "s.a"))!.attempts).to.have.length(1);
    });

    it("fails a step that was lost too often", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      for (let round = 0; round < 4; round++) {
        const worker = await TestWorker.register(world().store);
        await worker.claimStep();
        expect(await rescue(worker)).to.equal(1);
      }
      const step = await world().step(run.id, "s.a");
      expect([step.status, step.error?.code]).to.deep.equal(["failed", "WORKER_LOST"]);
    });

    it("does not count claims that were never started", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      for (let round = 0; round < 6; round++) {
        const worker = await TestWorker.register(world().store);
        expect((await worker.exchange({ aheadSteps: 1 })).claimed).to.have.length(1);
        expect(await rescue(worker)).to.equal(1);
      }
      expect((await world().step(run.id, "s.a")).status).to.equal("pending");
    });

    it("follows retirement at once", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      await world().worker.claimStep();
      await world().store.retireWorker(world().worker.key);
      expect((await world().step(run.id, "s.a")).status).to.equal("pending");
    });
  });
}

import { expect } from "chai";
import { aStage, asksFor } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { printed, success } from "../kit/outcomes.js";
import { TestWorker } from "../kit/test-worker.js";
import type { World } from "../kit/world.js";

/** `["a.0", "a.1", …]` by the run each belongs to: who got how many. */
function share(claimed: readonly { readonly runId: string }[], runId: string): number {
  return claimed.filter((task) => task.runId === runId).length;
}

export function claiming(world: () => World): void {
  describe("claiming", () => {
    it("takes no more than is asked for", async () => {
      await world().runWith(aStage("s", [{ name: "a", instances: 5 }]));
      expect(await world().worker.claimSteps(2)).to.have.length(2);
      expect(await world().worker.claimSteps(0)).to.have.length(0);
      expect(await world().worker.claimSteps(10)).to.have.length(3);
      expect(await world().worker.claimSteps(10)).to.have.length(0);
    });

    it("takes steps and flow calls apart", async () => {
      await world().runWith(aStage("s", ["a"]));
      await world().create();
      expect((await world().worker.claimCalls(1)).map((task) => task.kind)).to.deep.equal(["flow"]);
      expect((await world().worker.claimSteps(1)).map((task) => task.kind)).to.deep.equal(["step"]);
    });

    it("takes steps of one stage in the order in which they were scheduled", async () => {
      await world().runWith(aStage("s", [{ name: "a", instances: 4 }, "b"]));
      const claimed = await world().worker.claimSteps();
      expect(claimed.map((task) => task.id)).to.deep.equal(["s.a.0", "s.a.1", "s.a.2", "s.a.3", "s.b"]);
    });

    it("takes higher priorities first", async () => {
      await world().runWith(
        aStage("s", [
          "a",
          { name: "b", priority: 5 },
          { name: "c", priority: -1 },
          { name: "d", priority: 5 },
        ]),
      );
      const claimed = await world().worker.claimSteps();
      expect(claimed.map((task) => task.name)).to.deep.equal(["b", "d", "a", "c"]);
    });

    it("takes a step that comes free before those of lower priority that wait, and after those of higher", async () => {
      const waits = (name: string, priority: number) => ({ name, priority, instances: 3 });
      await world().runWith(
        aStage("s", [
          { name: "first", priority: 9 },
          { name: "freed", priority: 5, dependsOn: ["first"], instances: 2 },
          waits("higher", 7),
          waits("lower", 0),
        ]),
      );
      let done = await world().worker.claimSteps(1);
      const order: string[] = [];
      while (done.length > 0) {
        order.push(...done.map((task) => task.name));
        const outcomes = done.map((task) => success(task));
        done = (await world().worker.exchange({ outcomes, freeSteps: 2 })).claimed;
      }
      const names = ["first", "higher", "higher", "higher", "freed", "freed", "lower", "lower", "lower"];
      expect(order).to.deep.equal(names);
    });

    it("takes a step that comes free before one of lower priority that waits, into the only slot", async () => {
      const steps = [
        { name: "first", priority: 9 },
        { name: "freed", priority: 5, dependsOn: ["first"] },
      ];
      await world().runWith(aStage("s", [...steps, { name: "lower", instances: 3 }]));
      const outcomes = (await world().worker.claimSteps(1)).map((task) => success(task));
      const { claimed } = await world().worker.exchange({ outcomes, freeSteps: 1 });
      expect(claimed.map((task) => task.name)).to.deep.equal(["freed"]);
    });

    it("takes steps of runs with a higher priority first, and their calls", async () => {
      await world().create({ priority: 1 });
      const urgent = await world().create({ priority: 9 });
      const calls = await world().worker.claimCalls();
      expect(calls[0]!.runId).to.equal(urgent.id);
      await world().worker.record(
        ...calls.map((call) => printed(call, asksFor(aStage("s", [{ name: "a", instances: 2 }])))),
      );
      const steps = await world().worker.claimSteps();
      expect(steps.map((step) => step.runId === urgent.id)).to.deep.equal([true, true, false, false]);
    });

    it("counts what a worker claims ahead as not started until it says so", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", instances: 2 }]));
      const { claimed } = await world().worker.exchange({ freeSteps: 1, aheadSteps: 1 });
      expect(claimed.map((task) => task.id)).to.deep.equal(["s.a.0", "s.a.1"]);
      expect((await world().step(run.id, "s.a.0")).startedAt).to.be.a("number");
      expect(await world().step(run.id, "s.a.1")).to.deep.include({ status: "running", startedAt: null });
      await world().worker.exchange({ started: [claimed[1]!] });
      expect((await world().step(run.id, "s.a.1")).startedAt).to.be.a("number");
    });

    it("starts the stage with its first step", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      expect(await world().stages(run.id)).to.deep.equal({ s: "pending" });
      await world().worker.claimStep();
      const [stage] = await world().store.listStages(run.id);
      expect(stage!.status).to.equal("running");
      expect(stage!.startedAt).to.be.a("number");
      expect(stage!.counts).to.deep.equal({
        pending: 0,
        running: 1,
        completed: 0,
        failed: 0,
        cancelled: 0,
        aborted: 0,
      });
    });

    it("names what a worker owns", async () => {
      await world().runWith(aStage("s", [{ name: "a", env: { A: "1" } }]));
      const claimed = await world().worker.claimSteps();
      const owned = await world().store.ownedTasks(world().worker.key, 0);
      expect(owned).to.have.length(1);
      const { key, attempt, runId, env, stageKey } = claimed[0]!;
      expect(owned[0]).to.deep.include({
        key,
        attempt,
        runId,
        env,
        stageKey,
        kind: "step",
        id: "s.a",
        stageName: "s",
        flowName: "demo",
      });
      await world().worker.record(success(claimed[0]!));
      expect(await world().store.ownedTasks(world().worker.key, 0)).to.deep.equal([]);
    });

    it("gives nothing to a request that arrives after its worker asked what it owns, and takes nothing back by it", async () => {
      const run = await world().runWith(aStage("s", [{ name: "a", instances: 2 }]));
      const { key } = world().worker;
      const [first] = await world().worker.claimSteps(1);
      expect(await world().store.ownedTasks(key, 1)).to.have.length(1);
      expect(await world().worker.claimSteps(1)).to.deep.equal([]);
      await world().worker.exchange({ released: [first!] });
      expect(await world().store.ownedTasks(key, 1)).to.have.length(1);
      await world().worker.exchange({ outcomes: [success(first!)] });
      expect((await world().step(run.id, first!.id)).status).to.equal("completed");
      const { claimed } = await world().worker.exchange({ round: 1, freeSteps: 1 });
      expect(claimed).to.have.length(1);
      await world().worker.exchange({ round: 1, released: claimed });
      expect(await world().store.ownedTasks(key, 2)).to.deep.equal([]);
    });

    it("gives a step and a flow call that were handed back unstarted their numbers again: they were no attempts", async () => {
      const { run, call } = await world().called();
      await world().worker.exchange({ released: [call] });
      const again = await world().worker.claimCall();
      expect([again.key, again.attempt]).to.deep.equal([call.key, 1]);
      await world().store.scheduleStage(run.id, aStage("s", ["a"], { final: true }), again);
      const first = await world().worker.claimStep();
      await world().worker.exchange({ outcomes: [success(again)], released: [first] });
      expect((await world().store.getStep(run.id, "s.a"))!.attempts).to.deep.equal([]);
      const second = await world().worker.claimStep();
      expect([second.key, second.attempt]).to.deep.equal([first.key, 1]);
      await world().worker.record(success(second));
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("gives a worker that is draining, or is over, nothing", async () => {
      await world().runWith(aStage("s", ["a"]));
      await world().store.drainWorker(world().worker.key);
      expect(await world().worker.claimSteps()).to.deep.equal([]);
      const other = await TestWorker.register(world().store);
      await world().store.retireWorker(other.key);
      expect(await other.claimSteps()).to.deep.equal([]);
    });
  });

  describe("fairness among runs", () => {
    it("lets a small run that comes later interleave with a big one", async () => {
      const big = await world().runWith(aStage("s", [{ name: "a", instances: 1_000 }]));
      await world().worker.claimSteps(50);
      const small = await world().runWith(aStage("s", [{ name: "a", instances: 10 }]));
      const claimed = await world().worker.claimSteps(22);
      expect(share(claimed, small.id)).to.equal(10);
      expect(share(claimed, big.id)).to.equal(12);
    });

    it("does not let ten long chains starve a newcomer", async () => {
      const length = 30;
      const chain = aStage(
        "s",
        Array.from({ length }, (_, n) => ({
          id: `c${n}`,
          name: "a",
          ...(n > 0 && { dependsOn: [`c${n - 1}`] }),
        })),
      );
      for (let n = 0; n < 10; n++) await world().runWith(chain);
      let running = await world().worker.claimSteps(1);
      // Calls have slots of their own: how many were made meanwhile says nothing about whose turn it is among steps.
      for (let n = 0; n < 30; n++) await world().worker.record(success((await world().called()).call));
      const newcomer = await world().runWith(aStage("s", [{ name: "a", instances: 5 }]));
      let got = 0;
      // One slot: eleven runs take turns, so five turns of the newcomer, and one round that was under way, are 66 claims.
      for (let claims = 0; claims < 66; claims++) {
        const { claimed } = await world().worker.exchange({
          outcomes: running.map((task) => success(task)),
          freeSteps: 1,
        });
        got += share(claimed, newcomer.id);
        running = claimed;
      }
      expect(got).to.equal(5);
    });

    it("does not let runs that come later starve an early one", async () => {
      const early = await world().runWith(aStage("s", [{ name: "a", instances: 20 }]));
      let got = 0;
      for (let round = 0; round < 20; round++) {
        await world().runWith(aStage("s", [{ name: "a", instances: 3 }]));
        got += share(await world().worker.claimSteps(4), early.id);
      }
      expect(got).to.be.at.least(15);
    });
  });

  describe("maxParallel", () => {
    it("bounds how many steps of the stage are claimed at a time", async () => {
      const run = await world().runWith(
        aStage("s", [{ name: "a", instances: 7 }], { maxParallel: 3, final: true }),
      );
      let most = 0;
      let running = await world().worker.claimSteps();
      let total = 0;
      while (running.length > 0) {
        most = Math.max(most, running.length);
        total += 1;
        const { claimed } = await world().worker.exchange({
          outcomes: [success(running[0]!)],
          freeSteps: 100,
        });
        running = [...running.slice(1), ...claimed];
      }
      expect([most, total]).to.deep.equal([3, 7]);
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("holds for what a dependency frees, and through retries and a pause", async () => {
      const steps = ["first", { name: "a", instances: 5, dependsOn: ["first"], maxRetries: 1 }];
      const run = await world().runWith(aStage("s", steps, { maxParallel: 2 }));
      await world().worker.record(success(await world().worker.claimStep()));
      await world().store.pauseRun(run.id);
      expect(await world().worker.claimSteps()).to.have.length(0);
      await world().store.resumeRun(run.id);
      const pair = await world().worker.claimSteps();
      expect(pair).to.have.length(2);
      const failed = pair.map((task) => ({ ...success(task), result: "failure" as const, exitCode: 1 }));
      await world().worker.record(...failed);
      expect(await world().worker.claimSteps()).to.have.length(2);
    });

    it("lets everything through in the end", async () => {
      const plan = aStage(
        "s",
        [
          { name: "a", instances: 30 },
          { name: "b", instances: 30, dependsOn: ["a"] },
        ],
        { maxParallel: 4 },
      );
      const run = await world().runWith(plan);
      const started = await drive(world().worker);
      expect(started.filter((id) => id.startsWith("s."))).to.have.length(60);
      expect(await world().status(run.id)).to.equal("completed");
    });
  });
}

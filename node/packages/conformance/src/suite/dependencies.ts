import { expect } from "chai";
import { aStage } from "../kit/a-stage.js";
import { drive } from "../kit/drive.js";
import { failure, success } from "../kit/outcomes.js";
import type { World } from "../kit/world.js";

const ids = (tasks: readonly { readonly id: string }[]) => tasks.map((task) => task.id);

export function dependencies(world: () => World): void {
  describe("dependencies", () => {
    it("free a step when the last of them has completed", async () => {
      await world().runWith(aStage("s", ["a", "b", { name: "c", dependsOn: ["a", "b"] }]));
      const [a, b] = await world().worker.claimSteps();
      expect(
        ids((await world().worker.exchange({ outcomes: [success(a!)], freeSteps: 10 })).claimed),
      ).to.deep.equal([]);
      expect(
        ids((await world().worker.exchange({ outcomes: [success(b!)], freeSteps: 10 })).claimed),
      ).to.deep.equal(["s.c"]);
    });

    it("free all that wait for one step", async () => {
      await world().runWith(
        aStage("s", ["a", ...["b", "c", "d"].map((name) => ({ name, dependsOn: ["a"] }))]),
      );
      const a = await world().worker.claimStep();
      const { claimed } = await world().worker.exchange({ outcomes: [success(a)], freeSteps: 10 });
      expect(ids(claimed)).to.deep.equal(["s.b", "s.c", "s.d"]);
    });

    it("that complete in one exchange free what waits for both, once", async () => {
      const run = await world().runWith(
        aStage("s", ["a", "b", { name: "c", dependsOn: ["a", "b"] }], { final: true }),
      );
      const pair = await world().worker.claimSteps();
      const { claimed } = await world().worker.exchange({
        outcomes: pair.map((task) => success(task)),
        freeSteps: 10,
      });
      expect(ids(claimed)).to.deep.equal(["s.c"]);
      await world().worker.record(success(claimed[0]!));
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("on a name wait for every instance", async () => {
      await world().runWith(
        aStage("s", [
          { name: "a", instances: 3 },
          { name: "b", instances: 2, dependsOn: ["a"] },
        ]),
      );
      const [first, ...rest] = await world().worker.claimSteps();
      expect(
        (await world().worker.exchange({ outcomes: rest.map((task) => success(task)), freeSteps: 10 }))
          .claimed,
      ).to.deep.equal([]);
      const { claimed } = await world().worker.exchange({ outcomes: [success(first!)], freeSteps: 10 });
      expect(ids(claimed)).to.deep.equal(["s.b.0", "s.b.1"]);
    });

    it("on a name and on one of its ids are both counted", async () => {
      const steps = [
        { id: "x", name: "a" },
        { id: "y", name: "a" },
        { name: "b", dependsOn: ["a", "x"] },
      ];
      const run = await world().runWith(aStage("s", steps, { final: true }));
      expect(await drive(world().worker, { slots: 1 })).to.deep.equal(["x", "y", "s.b"]);
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("of 200 on 200 are one barrier, and every one starts once", async () => {
      const plan = aStage(
        "s",
        [
          { name: "a", instances: 200 },
          { name: "b", instances: 200, dependsOn: ["a"] },
        ],
        { final: true },
      );
      expect(plan.gateEdges.length + plan.stepEdges.length).to.equal(200);
      const run = await world().runWith(plan);
      const started = await drive(world().worker, { slots: 37 });
      expect(started).to.have.length(400);
      expect(new Set(started).size).to.equal(400);
      expect(started.slice(0, 200).every((id) => id.startsWith("s.a."))).to.equal(true);
      expect(await world().status(run.id)).to.equal("completed");
    });

    it("of a long chain are freed one after the other", async () => {
      const chain = Array.from({ length: 50 }, (_, n) => ({
        id: `c${n}`,
        name: "a",
        ...(n > 0 && { dependsOn: [`c${n - 1}`] }),
      }));
      await world().runWith(aStage("s", chain, { final: true }));
      expect(await drive(world().worker)).to.deep.equal(chain.map((step) => step.id));
    });

    it("are not freed by a failure", async () => {
      await world().runWith(aStage("s", ["a", { name: "b", dependsOn: ["a"] }], { failFast: false }));
      const a = await world().worker.claimStep();
      const { claimed } = await world().worker.exchange({ outcomes: [failure(a)], freeSteps: 10 });
      expect(ids(claimed)).to.deep.equal([]);
    });

    it("are freed by a failure that is allowed", async () => {
      const run = await world().runWith(
        aStage(
          "s",
          [
            { name: "a", allowFailure: true },
            { name: "b", dependsOn: ["a"] },
          ],
          { final: true },
        ),
      );
      await drive(world().worker, { failing: ["s.a"] });
      expect(await world().steps(run.id)).to.deep.equal({ "s.a": "failed", "s.b": "completed" });
      expect(await world().stages(run.id)).to.deep.equal({ s: "completed" });
      expect(await world().run(run.id)).to.deep.include({ status: "completed", error: null });
    });

    it("on an allowed failure of one instance are freed by the others", async () => {
      const steps = [
        { name: "a", instances: 3, allowFailure: true },
        { name: "b", dependsOn: ["a"] },
      ];
      const run = await world().runWith(aStage("s", steps, { final: true }));
      await drive(world().worker, { failing: ["s.a.1"] });
      expect((await world().steps(run.id))["s.b"]).to.equal("completed");
    });

    it("of a random graph are never violated", async () => {
      const count = 60;
      // A fixed pseudo-random graph: every step may wait for up to three earlier ones.
      let seed = 42;
      const random = (below: number) => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
      const steps = Array.from({ length: count }, (_, n) => ({
        id: `n${n}`,
        name: "a",
        dependsOn: n === 0 ? [] : [...new Set(Array.from({ length: random(4) }, () => `n${random(n)}`))],
      }));
      const run = await world().runWith(aStage("s", steps, { final: true }));
      const started = await drive(world().worker, { slots: 4 });
      for (const step of steps) {
        for (const on of step.dependsOn) expect(started.indexOf(on)).to.be.below(started.indexOf(step.id));
      }
      expect(new Set(started).size).to.equal(count);
      expect(await world().status(run.id)).to.equal("completed");
    });
  });
}

import { expect } from "chai";
import { aStage, asksFor } from "../kit/a-stage.js";
import { printed, success } from "../kit/outcomes.js";
import { accepted, type World } from "../kit/world.js";

/** Alike ones and others in turns: a Store may keep what alike steps have in common apart from what they have not. */
const some = [
  { name: "a", instances: 3 },
  { id: "x", name: "a" },
  { id: "y", name: "a" },
  { name: "b", instances: 2, maxRetries: 2 },
  { id: "lone", name: "a" },
];
const more = [
  { id: "late", name: "a", dependsOn: ["b"] },
  { id: "later", name: "a", dependsOn: ["b", "x"] },
  { name: "c", instances: 2, dependsOn: ["x"] },
];
const ready = [
  ["s.a.0", "a", 0, 0],
  ["s.a.1", "a", 1, 0],
  ["s.a.2", "a", 2, 0],
  ["x", "a", 0, 0],
  ["y", "a", 0, 0],
  ["s.b.0", "b", 0, 2],
  ["s.b.1", "b", 1, 2],
  ["lone", "a", 0, 0],
] as const;
const freed = [
  ["late", "a", 0, 0],
  ["later", "a", 0, 0],
  ["s.c.0", "c", 0, 0],
  ["s.c.1", "c", 1, 0],
] as const;

export function kindsOfSteps(world: () => World): void {
  describe("steps of many kinds in one stage", () => {
    const stage = aStage("s", [...some, ...more]);
    const each = async (runId: string, ids: readonly string[]): Promise<unknown[]> =>
      Promise.all(
        ids.map(async (id) => {
          const { name, sequence, maxRetries } = await world().step(runId, id);
          return [id, name, sequence, maxRetries];
        }),
      );

    it("are what was asked for over HTTP, and start in that order", async () => {
      const { run, call } = await world().called();
      accepted(await world().store.scheduleStage(run.id, stage, call));
      const claimed = await world().worker.claimSteps();
      expect(
        await each(
          run.id,
          claimed.map(({ id }) => id),
        ),
      ).to.deep.equal(ready);
      const { claimed: then } = await world().worker.exchange({
        ...{ outcomes: claimed.map((task) => success(task)), freeSteps: 10 },
      });
      expect(
        await each(
          run.id,
          then.map(({ id }) => id),
        ),
      ).to.deep.equal(freed);
    });

    it("are what a flow call asked for", async () => {
      const { run, call } = await world().called();
      const { claimed } = await world().worker.exchange({
        ...{ outcomes: [printed(call, asksFor(stage))], freeSteps: 10 },
      });
      expect(
        await each(
          run.id,
          claimed.map(({ id }) => id),
        ),
      ).to.deep.equal(ready);
    });

    it("are what flow calls asked for that start all of them at once, one or several", async () => {
      const startable = aStage("s", some);
      for (const count of [1, 2]) {
        const calls = [];
        for (let n = 0; n < count; n++) calls.push((await world().called()).call);
        const { claimed } = await world().worker.exchange({
          ...{ outcomes: calls.map((call) => printed(call, asksFor(startable))), freeSteps: 20 },
        });
        for (const { runId } of calls) {
          const own = claimed.filter((task) => task.runId === runId);
          expect(
            await each(
              runId,
              own.map(({ id }) => id),
            ),
          ).to.deep.equal(ready);
        }
      }
    });
  });
}

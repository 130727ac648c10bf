import type { Run } from "@maxq/core";
import type { ClaimedTask, RunFilter } from "@maxq/db";
import { expect } from "chai";
import { success } from "../kit/outcomes.js";
import { readAll } from "../kit/pages.js";
import type { World } from "../kit/world.js";

/** Longer than what is indexed of a value. */
const long = "x".repeat(500);

export function listsTogether(world: () => World): void {
  describe("listing runs by several conditions", () => {
    let runs: Run[];

    /** 16 runs, a second apart, of all kinds mixed; started in another order than made, and ended in a third one. */
    beforeEach(async () => {
      const ids: string[] = [];
      for (let n = 0; n < 16; n++) {
        const metadata = { team: `t${n % 3}`, live: n % 2 === 0, text: `${long}${n % 2}` };
        const flowName = n % 4 === 1 ? "one" : "two";
        const run = await world().create({ flowName, metadata, priority: (n * 7) % 5 });
        ids.push(run.id);
        await world().subject.turnClock(1_000);
      }
      const calls: ClaimedTask[] = [];
      for (let n = 0; n < 12; n++) {
        calls.push(await world().worker.claimCall());
        await world().subject.turnClock(1_000);
      }
      for (const call of calls.toReversed().slice(0, 8)) {
        await world().worker.record(success(call));
        await world().subject.turnClock(1_000);
      }
      const waiting = ids.find((id) => calls.every(({ runId }) => runId !== id));
      await world().store.abortRun(waiting!);
      runs = await Promise.all(ids.map((id) => world().run(id)));
    });

    /** What a list should show, by the runs themselves. Without the time that it is sorted by a run comes last. */
    function expected(filter: RunFilter): string[] {
      const { sortBy = "createdAt", sortOrder = "desc" } = filter;
      const fits = (run: Run) =>
        (filter.flowName === undefined || run.flowName === filter.flowName) &&
        (filter.status?.includes(run.status) ?? true) &&
        run.createdAt > (filter.createdAfter ?? 0) &&
        run.createdAt < (filter.createdBefore ?? Infinity) &&
        Object.entries(filter.metadata ?? {}).every(
          ([key, value]) => String((run.metadata as Record<string, unknown>)[key]) === value,
        );
      const place = (run: Run) => {
        const at = run[sortBy];
        return at === null ? Infinity : sortOrder === "asc" ? at : -at;
      };
      return runs
        .filter(fits)
        .sort((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
        .map(({ id }) => id);
    }

    const metadatas = [
      undefined,
      { team: "t1" },
      { live: "true" },
      { team: "t2", live: "false" },
      { team: "none" },
      { live: "true", text: `${long}0` },
    ];
    const states: RunFilter[] = [
      {},
      { status: ["completed"] },
      { status: ["running", "pending"] },
      { flowName: "one" },
      { flowName: "two", status: ["completed", "aborted"] },
    ];

    for (const sortBy of ["createdAt", "startedAt", "completedAt"] as const) {
      for (const sortOrder of ["asc", "desc"] as const) {
        it(`shows what fits in the order of ${sortBy}, ${sortOrder}, page by page`, async () => {
          const [early, late] = [runs[3]!.createdAt, runs[13]!.createdAt];
          const times: RunFilter[] = [
            {},
            { createdAfter: early },
            { createdAfter: early, createdBefore: late },
          ];
          for (const metadata of metadatas)
            for (const state of states)
              for (const time of times) {
                const filter = { sortBy, sortOrder, ...state, ...time, ...(metadata && { metadata }) };
                const read = await readAll((page) => world().store.listRuns(filter, page), 3);
                const wanted = expected(filter);
                const timed = wanted.filter((id) => runs.find((run) => run.id === id)![sortBy] !== null);
                const shown = read.map(({ id }) => id);
                // Those without the time are all alike: in the order of their ids.
                expect(shown.slice(0, timed.length), JSON.stringify(filter)).to.deep.equal(timed);
                expect(shown, JSON.stringify(filter)).to.have.members(wanted);
              }
        });
      }
    }
  });
}

import type { Run, RunStatus } from "@maxq/core";
import { createStore, type Driver, type RunFilter, type Store } from "@maxq/db";
import { expect } from "chai";
import { aRun } from "../src/kit/a-run.js";
import { success } from "../src/kit/outcomes.js";
import { first, readAll } from "../src/kit/pages.js";
import { TestWorker } from "../src/kit/test-worker.js";
import { adapters } from "./adapters.js";

for (const [title, open] of Object.entries(adapters))
  it(`a list is the same by whichever index the estimates have it read, on ${title}`, async function () {
    this.timeout(60_000);
    const { driver, store: writing, end } = await open();
    try {
      const next = dice(7);
      const pick = <T>(from: readonly T[]): T => from[next(from.length)]!;
      const runs = await someRuns(writing, pick);
      // Any of a list's indexes may be expected to hold least.
      const store = createStore(estimating(driver, () => next(1_000)));
      for (let n = 0; n < 120; n++) {
        const filter = aFilter(runs, next, pick);
        const expected = idsOf(
          sorted(
            runs.filter((run) => fits(run, filter)),
            filter,
          ),
        );
        const where = JSON.stringify(filter);
        const all = await readAll((page) => store.listRuns(filter, page), 1 + next(9));
        expect(idsOf(all), where).to.deep.equal(expected);
        const later = await store.listRuns(filter, first(3, 2));
        expect(idsOf(later.data), where).to.deep.equal(expected.slice(2, 5));
        expect(later, where).to.deep.include({ total: expected.length, totalIsEstimate: false });
      }
    } finally {
      await end();
    }
  });

const flows = ["one", "two", "three"];
const values = { team: ["a", "b", "c"], live: ["true", "false"], size: ["1", "2", "x"] };

/** Runs of some flows, states, times and metadata, oldest first. */
async function someRuns(store: Store, pick: <T>(from: readonly T[]) => T): Promise<readonly Run[]> {
  const worker = await TestWorker.register(store);
  for (let n = 0; n < 60; n++) {
    const metadata = { team: pick(values.team), live: pick([true, false]), size: pick([1, 2]) };
    const flowName = pick(flows);
    const created = await store.createRun(aRun({ flowName, metadata: pick([metadata, metadata, null]) }));
    if (created.reason === "refused") throw new Error("a run was refused");
    const turn = pick(["abort", "pause", null, null]);
    if (turn === "abort") await store.abortRun(created.run.id);
    if (turn === "pause") await store.pauseRun(created.run.id);
    // A call that prints nothing ends its run.
    if (n % 9 === 8)
      for (const call of await worker.claimCalls())
        if (pick([true, false])) await worker.record(success(call));
  }
  return readAll((page) => store.listRuns({ sortOrder: "asc" }, page), 100);
}

function aFilter(
  runs: readonly Run[],
  next: (sides: number) => number,
  pick: <T>(from: readonly T[]) => T,
): RunFilter {
  const named = Object.entries(values).filter(() => next(2) === 0);
  const statuses: RunStatus[] = ["pending", "paused", "running", "aborted", "completed"];
  const status = statuses.filter(() => next(2) === 0);
  return {
    metadata: Object.fromEntries(named.map(([name, texts]) => [name, pick(texts)])),
    sortOrder: pick(["asc", "desc"]),
    sortBy: pick(["createdAt", "startedAt", "completedAt"]),
    ...(next(2) === 0 ? { flowName: pick(flows) } : {}),
    ...(status.length > 0 && next(3) > 0 ? { status } : {}),
    ...(next(4) === 0 ? { createdAfter: pick(runs).createdAt } : {}),
    ...(next(4) === 0 ? { createdBefore: pick(runs).createdAt } : {}),
  };
}

function fits(run: Run, filter: RunFilter): boolean {
  const metadata = (run.metadata ?? {}) as Record<string, unknown>;
  return (
    (filter.flowName ?? run.flowName) === run.flowName &&
    (filter.status ?? [run.status]).includes(run.status) &&
    run.createdAt > (filter.createdAfter ?? -1) &&
    run.createdAt < (filter.createdBefore ?? Infinity) &&
    Object.entries(filter.metadata ?? {}).every(([name, text]) => String(metadata[name]) === text)
  );
}

/** As the filter says; of the same time by their ids, which run with the creation and against it with the others; those without the time last. */
function sorted(runs: readonly Run[], { sortBy = "createdAt", sortOrder }: RunFilter): readonly Run[] {
  const sign = sortOrder === "asc" ? 1 : -1;
  const value = (run: Run): number => (run[sortBy] === null ? Infinity : sign * run[sortBy]);
  const idSign = sortBy === "createdAt" ? sign : 1;
  return runs.toSorted((a, b) => compare(value(a), value(b)) || idSign * compare(a.id, b.id));
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The same driver, which expects of each list what it is told. */
function estimating(driver: Driver, estimate: () => number): Driver {
  return new Proxy(driver, {
    get(target, name) {
      if (name === "estimate") return () => Promise.resolve(estimate());
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Numbers below `sides`, the same each time. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

function idsOf(runs: readonly { readonly id: string }[]): readonly string[] {
  return runs.map(({ id }) => id);
}

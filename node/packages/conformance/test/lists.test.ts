import type { Run, RunStatus } from "@maxq/core";
import { createStore, type Driver, type RunFilter, type Store } from "@maxq/db";
import { migratePostgres, openPostgresDriver } from "@maxq/db-postgres";
import { migrateSqlite, openSqliteDriver } from "@maxq/db-sqlite";
import { aFolder, createEmptyDatabase } from "@maxq/test-kit";
import { expect } from "chai";
import { join } from "node:path";
import { aRun } from "../src/kit/a-run.js";
import { first, readAll } from "../src/kit/pages.js";

const adapters: Record<string, () => Promise<readonly [Driver, () => Promise<void>]>> = {
  async SQLite() {
    const file = join(aFolder("lists"), "maxq.db");
    await migrateSqlite({ file });
    const driver = await openSqliteDriver({ file });
    return [driver, () => driver.close()];
  },
  async PostgreSQL() {
    const { url, drop } = await createEmptyDatabase();
    await migratePostgres({ url });
    const driver = await openPostgresDriver({ url });
    return [driver, () => driver.close().then(drop)];
  },
};

for (const [title, open] of Object.entries(adapters))
  it(`a list is the same by whichever index the estimates have it read, on ${title}`, async function () {
    this.timeout(60_000);
    const [driver, end] = await open();
    try {
      const next = dice(7);
      const pick = <T>(from: readonly T[]): T => from[next(from.length)]!;
      const runs = await someRuns(createStore(driver), pick);
      // Any of a list's indexes may be expected to hold least.
      const store = createStore(estimating(driver, () => next(1_000)));
      for (let n = 0; n < 80; n++) {
        const filter = aFilter(runs, next, pick);
        const fitting = runs.filter((run) => fits(run, filter)).map(({ id }) => id);
        const expected = filter.sortOrder === "asc" ? fitting : fitting.toReversed();
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

/** Runs of some flows, states and metadata, oldest first. */
async function someRuns(store: Store, pick: <T>(from: readonly T[]) => T): Promise<readonly Run[]> {
  for (let n = 0; n < 60; n++) {
    const metadata = { team: pick(values.team), live: pick([true, false]), size: pick([1, 2]) };
    const flowName = pick(flows);
    const created = await store.createRun(aRun({ flowName, metadata: pick([metadata, metadata, null]) }));
    if (created.reason === "refused") throw new Error("a run was refused");
    const turn = pick(["abort", "pause", null, null]);
    if (turn === "abort") await store.abortRun(created.run.id);
    if (turn === "pause") await store.pauseRun(created.run.id);
  }
  return readAll((page) => store.listRuns({ sortOrder: "asc" }, page), 100);
}

function aFilter(
  runs: readonly Run[],
  next: (sides: number) => number,
  pick: <T>(from: readonly T[]) => T,
): RunFilter {
  const named = Object.entries(values).filter(() => next(2) === 0);
  const statuses: RunStatus[] = ["pending", "paused", "aborted", "failed"];
  const status = statuses.filter(() => next(2) === 0);
  return {
    metadata: Object.fromEntries(named.map(([name, texts]) => [name, pick(texts)])),
    sortOrder: pick(["asc", "desc"]),
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

import { openPostgresStore } from "@maxq/db-postgres";
import { openSqliteStore } from "@maxq/db-sqlite";
import type { PrunePlace, Store } from "@maxq/db";
import type { BenchCase, Row } from "../case.js";
import type { BenchDatabase } from "../database/database.js";
import type { BenchContext } from "../session/context.js";
import { portionStatements } from "../seed/history.js";

const PORTION = 20_000;
const FLOWS = 20;
const KEEP = 10_000;

const tenTimesAsFast = ["autovacuum_naptime=6s", "autovacuum_vacuum_cost_limit=2000"];

const bounded: BenchCase = {
  name: "bounded",
  order: "s",
  title: "A million runs through a database that keeps 10,000",
  measures: `1,000,000 finished one-step runs of ${FLOWS} flows, in portions of 20,000: each is stored by generated SQL, then all but the newest ${KEEP / FLOWS} of each flow are removed as retention removes them, batch by batch, without a rest.
Nothing is vacuumed but by PostgreSQL's own autovacuum. Runs come ten times as fast here as an engine makes them, so it looks ten times as often (every 6 s) and may do ten times as much as by default. The size of the whole database after every portion is flat when it is bounded: the last figure is set against the one after 200,000 runs.`,

  async run(context) {
    const portion = context.size(PORTION, 40);
    const portions = context.size(1_000_000, 120) / portion;
    const keep = context.size(KEEP, 20) / FLOWS;
    const database = await context.createDatabase({
      own: true,
      settings: tenTimesAsFast,
    });
    const store = await open(database);
    context.afterwards(() => store.close());
    const sizes: number[] = [];
    for (let n = 0; n < portions; n++) {
      for (const sql of portionStatements(context.kind, portion, n * portion)) await database.query(sql);
      await pruneAll(store, keep);
      sizes.push(await tellSize(context, database, (n + 1) * portion));
    }
    await check(database, keep);
    const at = (share: number): number => sizes[Math.ceil(portions * share) - 1]!;
    const row = { unit: "MB", digits: 0 } as const;
    const early: Row = { ...row, what: "after 200,000 runs", measured: [at(0.2)] };
    return [
      { ...row, what: "after 20,000 runs", measured: [sizes[0]!] },
      early,
      { ...row, what: "after 500,000 runs", measured: [at(0.5)] },
      {
        ...row,
        what: "after 1,000,000 runs",
        measured: [sizes.at(-1)!],
        reference: early,
        compare: "measured ÷ reference",
        must: { atMost: 1.25 },
      },
    ];
  },
};

function open({ url, file }: BenchDatabase): Promise<Store> {
  return url === null ? openSqliteStore({ file: file! }) : openPostgresStore({ url });
}

async function pruneAll(store: Store, keep: number): Promise<void> {
  const rules = { olderThanMs: null, keep, flows: {} };
  let place: PrunePlace | null = null;
  do ({ next: place } = await store.prune({ rules, flowName: null, place, rows: 2_000, dryRun: false }));
  while (place !== null);
}

/** In MB of 1,000,000 bytes. */
async function tellSize(context: BenchContext, database: BenchDatabase, runs: number): Promise<number> {
  const [row] = await database.query<{ tables: string | number; indexes: string | number }>(
    context.kind === "postgres" ? ofPostgres : ofSqlite,
  );
  const mb = (bytes: string | number): number => Number(bytes) / 1e6;
  const [tables, indexes] = [mb(row!.tables), mb(row!.indexes)];
  const what =
    context.kind === "postgres" ? `indexes ${indexes.toFixed(1)}` : `free pages ${indexes.toFixed(1)}`;
  context.say(`${runs} runs: ${(tables + indexes).toFixed(1)} MB, of which ${what}`);
  return tables + indexes;
}

const ofPostgres = `select sum(pg_table_size(c.oid)) as tables, sum(pg_indexes_size(c.oid)) as indexes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'public' and c.relkind = 'r'`;

/** The file: pages in use, and pages that wait to be used again. */
const ofSqlite = `select (p.page_count - f.freelist_count) * s.page_size as tables, f.freelist_count * s.page_size as indexes
  from pragma_page_count p, pragma_freelist_count f, pragma_page_size s`;

async function check(database: BenchDatabase, keep: number): Promise<void> {
  const [row] = await database.query<{ runs: string | number; steps: string | number }>(
    "select (select count(*) from run) as runs, (select count(*) from step) as steps",
  );
  const [runs, steps] = [Number(row!.runs), Number(row!.steps)];
  if (runs !== keep * FLOWS || steps !== 2 * runs)
    throw new Error(`${runs} runs with ${steps} steps and calls are left: there should be ${keep * FLOWS}`);
}

export default bounded;

import { openPostgresStore } from "@maxq/db-postgres";
import { openSqliteStore } from "@maxq/db-sqlite";
import type { ClaimedTask, Outcome, Store } from "@maxq/db";
import pg from "pg";
import type { BenchCase, Row } from "../case.js";
import type { BenchDatabase } from "../database/database.js";
import { historyStatements } from "../seed/history.js";
import { percentile } from "../statistics.js";

/** Claims of each size in a round; fewer in many rounds, because what waits has to last for all of them, with the old snapshot and without. */
const CLAIMS = 50;
const WAITING_RUNS = 100;
const sizes = [1, 10, 100];

function claimsOfARound(rounds: number): number {
  const steps = sizes.reduce((sum, size) => sum + size, 0);
  return Math.min(CLAIMS, Math.floor((WAITING_RUNS * 1000) / (2 * (rounds + 1) * steps)));
}

const claim: BenchCase = {
  name: "claim",
  order: "f",
  title: "Claims among a million rows",
  measures: `1,000,000 finished steps and 100,000 that wait, of 100 runs: up to ${CLAIMS} claims of 1, of 10 and of 100 a round, by the very call that a worker makes; what was claimed is recorded as completed by another
call, which is not measured. On PostgreSQL again while a transaction holds a snapshot from before all claims, so that no row version that they leave can be removed.`,

  async run(context) {
    const database = await context.createDatabase({ own: true });
    const history = {
      runs: context.size(1_000_000, 300),
      waitingRuns: context.size(WAITING_RUNS, 40),
      bigRunSteps: 0,
    };
    for (const sql of historyStatements(context.kind, history)) await database.query(sql);
    const store = await open(database);
    context.afterwards(() => store.close());
    const claimer = new Claimer(store, await store.registerWorker(worker));
    const claims = context.size(claimsOfARound(context.rounds), 2);
    const works = Object.fromEntries(sizes.map((size) => [`of ${size}`, () => claimer.round(size, claims)]));
    const plain = await context.interleave(works);
    if (database.url === null) return rows(plain, "");
    const old = new pg.Client({ connectionString: database.url });
    await old.connect();
    context.afterwards(() => old.end());
    await old.query("begin isolation level repeatable read");
    await old.query("select count(*) from worker");
    return [...rows(plain, ""), ...rows(await context.interleave(works), ", under an old snapshot")];
  },
};

interface Round {
  readonly p50: number;
  readonly p99: number;
}

function rows(rounds: Readonly<Record<string, readonly Round[]>>, where: string): Row[] {
  return Object.entries(rounds).flatMap(([what, of]): Row[] => {
    const p50 = { what: `${what}${where}, p50`, unit: "ms", measured: of.map((round) => round.p50) };
    const p99 = { what: `${what}${where}, p99`, unit: "ms", measured: of.map((round) => round.p99) };
    if (what !== "of 10") return [p50, p99];
    const must = { must: { atMost: where === "" ? 0.6 : 1 } };
    return [{ ...p50, ...must }, where === "" ? { ...p99, must: { atMost: 5 } } : p99];
  });
}

class Claimer {
  constructor(
    private readonly store: Store,
    private readonly workerKey: number,
  ) {}

  async round(size: number, claims: number): Promise<Round> {
    const times: number[] = [];
    for (let n = 0; n < claims; n++) {
      const begin = performance.now();
      const tasks = await this.#exchange([], size);
      times.push(performance.now() - begin);
      if (tasks.length !== size) throw new Error(`a claim of ${size} was given ${tasks.length}`);
      await this.#exchange(tasks, 0);
    }
    return { p50: percentile(times, 50), p99: percentile(times, 99) };
  }

  async #exchange(done: readonly ClaimedTask[], freeSteps: number): Promise<readonly ClaimedTask[]> {
    const free = { freeSteps, aheadSteps: 0, freeCalls: 0, lookForSteps: freeSteps > 0, lookForCalls: false };
    const nothing = { released: [], started: [], round: 0 };
    const { workerKey } = this;
    return (await this.store.exchange({ workerKey, ...nothing, ...free, outcomes: done.map(success) }))
      .claimed;
  }
}

function success({ key, attempt, kind, runId, stageKey }: ClaimedTask): Outcome {
  return {
    ...{ key, attempt, kind, runId, stageKey, result: "success", killedBy: null, exitCode: 0, signal: null },
    ...{ problem: null, durationMs: 5, cpuMs: 1, maxRssBytes: 1_000_000, output: null, fields: null },
    ...{ warnings: [], document: null },
  };
}

function open(database: BenchDatabase): Promise<Store> {
  return database.url === null
    ? openSqliteStore({ file: database.file! })
    : openPostgresStore({ url: database.url });
}

const worker = {
  ...{ id: "bench/1", host: "bench", bootId: "boot", pid: 1, pidStartedAt: "1", role: "worker", slots: 100 },
  ...{ launcher: "native", containment: "none", mark: "", version: "0", leaseMs: 3_600_000 },
};

export default claim;

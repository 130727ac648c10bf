import type { RunStatus } from "@maxq/core";
import type { Driver } from "../../driver.js";
import type { Census, Underway } from "../../store/census.js";

/** What is not over is counted no further than this. */
const bound = 100_000;
/** Runs that are over are counted as far as this, and estimated beyond. */
const overBound = 10_000;

interface CountRow {
  readonly what: "run" | "step" | "flow" | "worker";
  readonly state: string;
  readonly count: number;
}

interface AgeRow {
  readonly kind: "step" | "flow";
  readonly ageMs: number;
}

/** What the database holds, in numbers. */
export async function readCensus(driver: Driver): Promise<Census> {
  const rows = await driver.all<CountRow>("read.census", { bound, overBound: overBound + 1 });
  const ages = await driver.all<AgeRow>("read.oldest_waiting");
  const count = (what: CountRow["what"], state: string): number =>
    rows.find((row) => row.what === what && row.state === state)?.count ?? 0;
  const underway = (kind: AgeRow["kind"]): Underway => ({
    waiting: count(kind, "waiting"),
    delayed: count(kind, "delayed"),
    claimed: count(kind, "claimed"),
    running: count(kind, "running"),
    oldestMs: ages.find((row) => row.kind === kind)?.ageMs ?? null,
  });
  const over = (status: RunStatus): Promise<number> => countOver(driver, status, count("run", status));
  return {
    runs: {
      pending: count("run", "pending"),
      running: count("run", "running"),
      paused: count("run", "paused"),
      completed: await over("completed"),
      failed: await over("failed"),
      aborted: await over("aborted"),
    },
    steps: underway("step"),
    calls: underway("flow"),
    workers: {
      live: count("worker", "live"),
      draining: count("worker", "draining"),
      lost: count("worker", "lost"),
    },
  };
}

/** Exact as far as they were counted, else what the database expects. */
async function countOver(driver: Driver, status: RunStatus, counted: number): Promise<number> {
  if (counted <= overBound) return counted;
  const all = { flowName: null, createdAfter: null, createdBefore: null };
  return Math.max(
    counted,
    Math.round(await driver.estimate("read.run_matches", { ...all, status: [status] })),
  );
}

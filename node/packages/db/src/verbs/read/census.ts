import type { RunStatus } from "@maxq/core";
import type { Driver, Params } from "../../driver.js";
import type { Census, Underway } from "../../store/census.js";

/** Counting ends here: what is more is an estimate. */
const bound = 10_000;

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
  const { rows, ages } = await driver.transaction(async (tx) => {
    await tx.all("read.by_indexes");
    const rows = await tx.all<CountRow>("read.census", { bound: bound + 1 });
    return { rows, ages: await tx.all<AgeRow>("read.oldest_waiting") };
  });
  const count = (what: CountRow["what"], state: string): number =>
    rows.find((row) => row.what === what && row.state === state)?.count ?? 0;
  const runs = (status: RunStatus): Promise<number> =>
    orEstimate(driver, count("run", status), "read.run_matches", { ...anyRun, status: [status] });
  const underway = async (kind: AgeRow["kind"]): Promise<Underway> => ({
    waiting: await orEstimate(driver, count(kind, "waiting"), "read.waiting_matches", { kind }),
    delayed: count(kind, "delayed"),
    claimed: count(kind, "claimed"),
    running: count(kind, "running"),
    oldestMs: ages.find((row) => row.kind === kind)?.ageMs ?? null,
  });
  return {
    runs: {
      pending: await runs("pending"),
      running: await runs("running"),
      paused: await runs("paused"),
      completed: await runs("completed"),
      failed: await runs("failed"),
      aborted: await runs("aborted"),
    },
    steps: await underway("step"),
    calls: await underway("flow"),
    workers: {
      live: count("worker", "live"),
      draining: count("worker", "draining"),
      lost: count("worker", "lost"),
    },
  };
}

const anyRun = { flowName: null, createdAfter: null, createdBefore: null };

/** As it was counted, or what the database expects if that is more than is counted. */
async function orEstimate(driver: Driver, counted: number, matches: string, params: Params): Promise<number> {
  if (counted <= bound) return counted;
  return Math.max(counted, Math.round(await driver.estimate(matches, params)));
}

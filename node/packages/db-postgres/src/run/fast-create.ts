import { DatabaseUnavailable, metadataRows, type FastCreate, type WakeUp } from "@maxq/db";
import type { PostgresDriver } from "../driver/driver.js";

type NewRun = Parameters<FastCreate>[1];

interface Waiting {
  readonly runId: string;
  readonly run: NewRun;
  readonly input: string;
  readonly created: (at: number) => void;
  readonly failed: (error: unknown) => void;
}

const work: WakeUp = { reason: "work" };

/** What one statement stores at most: runs, and characters of input beside the first run's. */
const MOST_RUNS = 100;
const MOST_INPUT = 1_000_000;

/**
 * Stores new runs, those that come while a statement is under way together by the next one: each of 500 that were triggered at once costs a third of a statement of
 * its own. One that PostgreSQL does not take, for what it holds, is refused alone.
 */
export function createFastCreate(driver: PostgresDriver): FastCreate {
  const waiting: Waiting[] = [];
  let busy = false;
  const storeTogether = async (runs: readonly Waiting[]): Promise<void> => {
    const words = driver.tellOthersWithCommit([work]);
    let createdAt: number;
    try {
      createdAt = await insert(driver, runs, words);
    } catch (error) {
      if (error instanceof DatabaseUnavailable) {
        // Those that wait would only learn the same later.
        for (const { failed } of [...runs, ...waiting.splice(0)]) failed(error);
      } else if (runs.length === 1) runs[0]!.failed(error);
      else for (const run of runs) await storeTogether([run]);
      return;
    }
    for (const { created } of runs) created(createdAt);
    driver.tellHere([...runs.map(({ runId }): WakeUp => ({ reason: "run", runId })), work]);
    // Nobody elsewhere can be waiting for a change of runs that were not there.
    if (words === null) driver.tellOthers([work]);
  };
  const storeAll = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) await storeTogether(waiting.splice(0, countOf(waiting)));
    busy = false;
  };
  return (runId, run) =>
    new Promise((created, failed) => {
      waiting.push({ runId, run, input: JSON.stringify(run.input), created, failed });
      if (!busy) void storeAll();
    });
}

/** How many of the first go together. */
function countOf(waiting: readonly Waiting[]): number {
  let count = 1;
  let input = 0;
  while (count < Math.min(waiting.length, MOST_RUNS) && (input += waiting[count]!.input.length) <= MOST_INPUT)
    count++;
  return count;
}

/** Answers when they were created, in ms. */
async function insert(
  driver: PostgresDriver,
  waiting: readonly Waiting[],
  words: readonly string[] | null,
): Promise<number> {
  const runs = waiting.map(({ run }) => run);
  const rows = runs.map(({ metadata }) => metadataRows(metadata));
  const [row] = await driver.call<{ createdAt: number }>("call.create_runs", {
    runIds: waiting.map(({ runId }) => runId),
    flowNames: runs.map(({ flowName }) => flowName),
    priorities: runs.map(({ priority }) => priority),
    inputs: waiting.map(({ input }) => input),
    metadata: runs.map(({ metadata }) => JSON.stringify(metadata)),
    metadataRows: rows.every(({ length }) => length === 0) ? null : rows.map((row) => JSON.stringify(row)),
    names: runs.map(({ name }) => name),
    descriptions: runs.map(({ description }) => description),
    flowTitles: runs.map(({ flowTitle }) => flowTitle),
    timeoutsMs: runs.map(({ timeoutMs }) => timeoutMs),
    parentRunIds: runs.map(({ parentRunId }) => parentRunId),
    words,
  });
  return row!.createdAt;
}

import type { Json, Problem, Run, RunStatus } from "@maxq/core";
import type { Statements } from "../../driver.js";

type RunRow = Omit<Run, "input" | "output" | "error" | "metadata"> & {
  readonly input: string;
  readonly output: string;
  readonly error: string | null;
  readonly metadata: string;
  readonly status: RunStatus;
};

/** A run as the API answers it, null if there is none. Inside a transaction it sees what that has written. */
export async function readRun(statements: Statements, runId: string): Promise<Run | null> {
  const [row] = await statements.all<RunRow>("read.run", { id: runId });
  return row === undefined ? null : toRun(row);
}

/** Runs in the order of their ids, as many as hold `bytes` of JSON, and the first in any case; those that do not exist are left out. */
export async function readRuns(
  statements: Statements,
  ids: readonly string[],
  bytes: number,
): Promise<readonly Run[]> {
  if (ids.length === 0) return [];
  return (await statements.all<RunRow>("read.runs", { ids, bytes })).map(toRun);
}

function toRun(row: RunRow): Run {
  return {
    ...row,
    input: JSON.parse(row.input) as Json,
    output: JSON.parse(row.output) as Json,
    error: row.error === null ? null : (JSON.parse(row.error) as Problem),
    metadata: JSON.parse(row.metadata) as Json,
  };
}

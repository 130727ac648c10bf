import { valueOf, type Client, type RunQuery } from "@maxq/client";
import type { Run, RunStatus } from "@maxq/core";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { pages } from "../connect/pages.js";
import { withServer } from "../connect/with-server.js";
import { painter, sign, type Paint } from "../print/paint.js";
import { table } from "../print/table.js";
import { duration, moment, plainLine } from "../print/words.js";

/** Which runs are wanted. */
export interface ListRunsRequest {
  readonly flow?: string;
  /** Words, separated by commas; the server refuses those that it does not know. */
  readonly status?: string;
  /** In ms before now. */
  readonly since?: number;
  readonly limit: number;
}

const page = 100;

/** `maxq runs`: a table of runs, newest first. */
export function listRuns(invocation: Invocation, request: ListRunsRequest): Promise<number> {
  return withServer(invocation, async ({ client }) => {
    const runs = await readRuns(client, request);
    if (invocation.json) invocation.out(JSON.stringify(runs));
    else if (runs.length === 0) invocation.err("There are no such runs.");
    else for (const line of runTable(runs, painter(invocation.terminal.stdout))) invocation.out(line);
    return exitCode.success;
  });
}

async function readRuns(client: Client, { flow, status, since, limit }: ListRunsRequest): Promise<Run[]> {
  const filter: RunQuery = {
    ...(flow === undefined ? {} : { flowName: flow }),
    ...(status === undefined ? {} : { status: status.split(",") as RunStatus[] }),
    ...(since === undefined ? {} : { createdAfter: Date.now() - since }),
  };
  const runs: Run[] = [];
  const ask = async (start: { cursor?: string }) =>
    valueOf(await client.runs.list({ ...filter, limit: Math.min(page, limit - runs.length), ...start }));
  for await (const { data } of pages(ask)) {
    runs.push(...data);
    if (runs.length >= limit) break;
  }
  return runs;
}

/** Runs as aligned lines, with a heading. */
export function runTable(runs: readonly Run[], paint: Paint): string[] {
  const heading = ["  RUN", "FLOW", "STATUS", "CREATED", "TOOK", "NAME"].map((text) => ({
    text,
    paint: (plain: string) => paint("dim", plain),
  }));
  const rows = runs.map((run) => [
    { text: `${run.id}  `, paint: (text: string) => `${sign(run.status, paint)} ${text.trimEnd()}` },
    run.flowName,
    run.status,
    moment(run.createdAt),
    run.durationMs === null ? "" : duration(run.durationMs),
    plainLine(run.name ?? ""),
  ]);
  return table([heading, ...rows]);
}

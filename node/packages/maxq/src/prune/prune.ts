import { valueOf, type Client, type PruneQuery } from "@maxq/client";
import type { PrunedAnswer } from "@maxq/core";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { withServer } from "../connect/with-server.js";
import { counted, size } from "../print/words.js";

/** Which finished runs are to go. */
export interface PruneCommand {
  /** In ms. */
  readonly olderThan?: number;
  readonly keep?: number;
  readonly flow?: string;
  readonly dryRun?: boolean;
}

/** How often a long removal says how far it is, in ms. */
const everyMs = 5_000;

interface Sums {
  readonly dryRun: boolean;
  runs: number;
  steps: number;
  /** About; null where they were removed. */
  bytes: number | null;
}

/** `maxq prune`: removes finished runs on a server, or says which would go. Cut off, it has removed whole runs, and what it had begun the server goes on with. */
export function prune(invocation: Invocation, command: PruneCommand): Promise<number> {
  return withServer(invocation, async ({ client }) => {
    const sums = await pruneAll(client, command, invocation.err);
    if (invocation.json) invocation.out(JSON.stringify(sums));
    else invocation.out(inWords(sums));
    return exitCode.success;
  });
}

async function pruneAll(client: Client, command: PruneCommand, err: (line: string) => void): Promise<Sums> {
  const { olderThan, keep, flow, dryRun = false } = command;
  const query: PruneQuery = {
    dryRun,
    ...(olderThan === undefined ? {} : { olderThanMs: olderThan }),
    ...(keep === undefined ? {} : { keep }),
    ...(flow === undefined ? {} : { flowName: flow }),
  };
  const sums: Sums = { dryRun, runs: 0, steps: 0, bytes: dryRun ? 0 : null };
  let saidAt = performance.now();
  for (let cursor: string | null = null; ;) {
    const began = performance.now();
    const answer: PrunedAnswer = valueOf(
      await client.server.prune(cursor === null ? query : { ...query, cursor }),
    );
    sums.runs += answer.runs;
    sums.steps += answer.steps;
    if (sums.bytes !== null) sums.bytes += answer.bytes ?? 0;
    cursor = answer.cursor;
    if (cursor === null) return sums;
    const now = performance.now();
    if (now - saidAt > everyMs) {
      err(`${sums.runs} runs so far`);
      saidAt = now;
    }
    // As long a rest as the server had work: runs that go on shall hardly notice.
    await new Promise((resolve) => setTimeout(resolve, now - began));
  }
}

function inWords({ dryRun, runs, steps, bytes }: Sums): string {
  const what = `${counted(runs, "run")} with ${counted(steps, "step")}`;
  if (!dryRun) return `Removed ${what}.`;
  return `Would remove ${what}, about ${size(bytes ?? 0)}. Nothing was removed.`;
}

import { createWriteStream } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { runIdOf } from "../connect/run-id.js";
import { withServer } from "../connect/with-server.js";
import { Outlet } from "../print/outlet.js";
import { exportedParts } from "./exported-parts.js";

export interface ExportRequest {
  /** A run's id, or `last`. */
  readonly run: string;
  /** A file; it is replaced. Default: stdout. */
  readonly output: string | undefined;
}

/** `maxq export`: everything about a run as one JSON document, of a run that is not over as it is now. */
export function exportRun(invocation: Invocation, { run, output }: ExportRequest): Promise<number> {
  return withServer(invocation, async ({ client }) => {
    const runId = await runIdOf(client, run);
    const parts = exportedParts(client, runId, Date.now());
    if (output === undefined) {
      const outlet = new Outlet(invocation.terminal.stdout);
      for await (const part of parts) await outlet.write(part);
      return exitCode.success;
    }
    await writeWhole(output, parts);
    invocation.err(`Run ${runId} was written to ${output}.`);
    if (invocation.json) invocation.out(JSON.stringify({ runId, file: output }));
    return exitCode.success;
  });
}

/** The file gets its name when it is whole: it may hold what only its owner may read, so nobody else can. */
async function writeWhole(file: string, parts: AsyncIterable<string>): Promise<void> {
  const partial = `${file}.${process.pid}.part`;
  try {
    await pipeline(parts, createWriteStream(partial, { mode: 0o600 }));
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { runIdOf } from "../connect/run-id.js";
import { withServer } from "../connect/with-server.js";
import { Outlet } from "../print/outlet.js";
import { exportedParts } from "./exported-parts.js";
import { findOutputFile, writeDocument } from "./output-file.js";

export interface ExportRequest {
  /** A run's id, or `last`. */
  readonly run: string;
  /** A file, which is replaced, or a device or FIFO. Default: stdout. */
  readonly output: string | undefined;
}

/** `maxq export`: everything about a run as one JSON document, of a run that is not over as it is now. */
export async function exportRun(invocation: Invocation, { run, output }: ExportRequest): Promise<number> {
  const file = output === undefined ? null : findOutputFile(output);
  if (file?.reason === "refused") {
    invocation.err(`maxq: ${file.message}`);
    return exitCode.usage;
  }
  return withServer(invocation, async ({ client }) => {
    const runId = await runIdOf(client, run);
    const parts = exportedParts(client, runId, Date.now());
    if (file === null) {
      const outlet = new Outlet(invocation.terminal.stdout);
      for await (const part of parts) await outlet.write(part);
      return exitCode.success;
    }
    await writeDocument(file, parts);
    invocation.err(`Run ${runId} was written to ${output}.`);
    if (invocation.json) invocation.out(JSON.stringify({ runId, file: output }));
    return exitCode.success;
  });
}

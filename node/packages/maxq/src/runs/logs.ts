import { valueOf, type Client } from "@maxq/client";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { runIdOf } from "../connect/run-id.js";
import { withServer } from "../connect/with-server.js";
import { painter } from "../print/paint.js";
import { Outlet } from "../print/outlet.js";
import { LogLines, type StreamName } from "./log-lines.js";
import { printRunLogs } from "./run-logs.js";

export interface LogsRequest {
  /** A run's id, or `last`. */
  readonly run: string;
  /** A step's id; without one, all of the run. */
  readonly step?: string | undefined;
  readonly follow: boolean;
  /** Only this one. */
  readonly stream?: StreamName;
  /** Of a step; default the last. */
  readonly attempt?: number;
}

/**
 * `maxq logs`: of a step what it printed, each stream to its own; of a run what all its scripts printed and what was logged, line by line with its origin, to stdout.
 * With `follow` as it comes, until the step or the run is over.
 */
export function logs(invocation: Invocation, request: LogsRequest): Promise<number> {
  return withServer(invocation, async ({ client }) => {
    if (request.attempt !== undefined && request.step === undefined) {
      invocation.err("maxq: --attempt is for a step: name one, or leave out --attempt.");
      return exitCode.usage;
    }
    const runId = await runIdOf(client, request.run);
    const out = new Outlet(invocation.terminal.stdout);
    try {
      await print(invocation, client, { ...request, run: runId }, out);
    } catch (error) {
      // Nobody reads any longer (`| head`), which broke off whatever was under way: that is no fault.
      if (!out.closed.aborted) throw error;
    }
    return exitCode.success;
  });
}

async function print(
  { terminal, json }: Invocation,
  client: Client,
  { run: runId, ...request }: LogsRequest,
  out: Outlet,
): Promise<void> {
  const streams: readonly StreamName[] =
    request.stream === undefined ? ["stdout", "stderr"] : [request.stream];
  const lines = new LogLines(out, json ? null : painter(terminal.stdout));
  if (request.step === undefined) {
    await printRunLogs({ client, runId, streams, lines, closed: out.closed }, request.follow);
    return;
  }
  const step = { ...request, step: request.step };
  await Promise.all(
    streams.map(async (stream) => {
      const text = await openOutput(client, runId, step, stream, out.closed);
      if (json) await lines.output(text, { stepId: step.step, stream, attempt: request.attempt ?? null });
      else
        await pour(
          text,
          stream === "stdout" || request.stream !== undefined ? out : new Outlet(terminal.stderr),
        );
    }),
  );
}

async function openOutput(
  client: Client,
  runId: string,
  { step, follow, attempt }: Pick<LogsRequest, "follow" | "attempt"> & { readonly step: string },
  stream: StreamName,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  const query = { stream, follow, signal, ...(attempt === undefined ? {} : { attempt }) };
  return valueOf(await client.steps.output(runId, step, query));
}

async function pour(text: ReadableStream<Uint8Array>, outlet: Outlet): Promise<void> {
  for await (const chunk of text) await outlet.write(chunk);
}

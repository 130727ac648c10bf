import { valueOf, type Client } from "@maxq/client";
import type { StepDetail } from "@maxq/core";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { runIdOf } from "../connect/run-id.js";
import { withServer } from "../connect/with-server.js";
import { painter } from "../print/paint.js";
import { Outlet } from "../print/outlet.js";
import { LogLines, type StreamName } from "./log-lines.js";
import { printRunLogs } from "./run-logs.js";
import { stillRunning, stillRunningScripts } from "./still-running.js";

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
 * With `follow` as it comes, until the step or the run is over; else stderr says what runs still.
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
  { terminal, json, err }: Invocation,
  client: Client,
  { run: runId, ...request }: LogsRequest,
  out: Outlet,
): Promise<void> {
  const say = (line: string | null): void => {
    if (line !== null && !out.closed.aborted) err(`maxq: ${line}`);
  };
  const streams: readonly StreamName[] =
    request.stream === undefined ? ["stdout", "stderr"] : [request.stream];
  const lines = new LogLines(out, json ? null : painter(terminal.stdout));
  if (request.step === undefined) {
    const running = await printRunLogs({ client, runId, streams, lines, closed: out.closed }, request.follow);
    say(stillRunningScripts(running));
    return;
  }
  const { step, follow } = request;
  const detail = valueOf(await client.steps.get(runId, step));
  const attempt = request.attempt ?? attemptOf(detail, follow);
  await Promise.all(
    streams.map(async (stream) => {
      const query = { stream, signal: out.closed, ...(attempt === null ? {} : { attempt }) };
      const text = follow
        ? client.followOutput(runId, step, query)
        : valueOf(await client.steps.output(runId, step, query));
      if (json) await lines.output(text, { stepId: step, stream, attempt });
      else
        await pour(
          text,
          stream === "stdout" || request.stream !== undefined ? out : new Outlet(terminal.stderr),
        );
    }),
  );
  if (!follow && attempt === detail.attempt) say(stillRunning(detail));
}

/** The attempt that is meant where none is named: the last, or where a step that waits is followed, the next. Null: it has had none. */
function attemptOf({ status, attempt }: StepDetail, follow: boolean): number | null {
  const meant = follow && status === "pending" ? attempt + 1 : attempt;
  return meant === 0 ? null : meant;
}

async function pour(text: AsyncIterable<Uint8Array>, outlet: Outlet): Promise<void> {
  for await (const chunk of text) await outlet.write(chunk);
}

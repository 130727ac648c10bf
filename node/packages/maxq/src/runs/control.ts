import { valueOf, type Action, type Client } from "@maxq/client";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import type { Connection } from "../connect/connect.js";
import { runIdOf } from "../connect/run-id.js";
import { withServer } from "../connect/with-server.js";
import { counted } from "../print/words.js";
import { watchOnServer } from "../watch/on-server.js";

export type ControlAction = "abort" | "pause" | "resume" | "retry";

export interface ControlRequest {
  readonly action: ControlAction;
  /** A run's id, or `last`. */
  readonly run: string;
  /** Of a retry: this step alone. */
  readonly step?: string | undefined;
  /** Of a retry: a new run of the same flow and input. */
  readonly new?: boolean | undefined;
  /** Of a step's retry: also what depends on it. */
  readonly cascade?: boolean | undefined;
  /** Of a retry: watch the run to its end. */
  readonly watch?: boolean | undefined;
}

/** `maxq abort`, `pause`, `resume` and `retry`: the run's id on stdout, what became of it on stderr. */
export function control(invocation: Invocation, request: ControlRequest): Promise<number> {
  return withServer(invocation, async (connection) => {
    if (request.new === true && request.step !== undefined) {
      invocation.err("maxq: --new starts a whole run: leave out the step, or --new.");
      return exitCode.usage;
    }
    if (request.cascade === true && request.step === undefined) {
      invocation.err("maxq: --cascade is for a step: name one, or leave out --cascade.");
      return exitCode.usage;
    }
    const runId = await runIdOf(connection.client, request.run);
    return request.step === undefined
      ? controlRun(invocation, connection, request, runId)
      : retryStep(invocation, connection, { ...request, step: request.step }, runId);
  });
}

async function controlRun(
  invocation: Invocation,
  connection: Connection,
  request: ControlRequest,
  runId: string,
): Promise<number> {
  const done = await act(connection.client, request, runId);
  invocation.err(done.message);
  const watches = request.watch === true;
  if (!(watches && invocation.json)) invocation.out(invocation.json ? JSON.stringify(done) : done.run.id);
  return watches ? watchOnServer(invocation, connection, done.run) : exitCode.success;
}

async function act({ runs }: Client, request: ControlRequest, runId: string): Promise<Action> {
  switch (request.action) {
    case "abort": {
      const done = valueOf(await runs.abort(runId));
      const scripts = done.processesKilled;
      const ended = `${counted(scripts, "running script")} ${scripts === 1 ? "was" : "were"} told to end, with all that ${scripts === 1 ? "it" : "they"} had started.`;
      return { ...done, message: `${done.message} ${ended}` };
    }
    case "pause":
      return valueOf(await runs.pause(runId));
    case "resume":
      return valueOf(await runs.resume(runId));
    case "retry":
      return valueOf(await runs.retry(runId, request.new === true ? "new" : "same"));
  }
}

async function retryStep(
  invocation: Invocation,
  connection: Connection,
  request: ControlRequest & { readonly step: string },
  runId: string,
): Promise<number> {
  const { client } = connection;
  const done = valueOf(await client.steps.retry(runId, request.step, request.cascade));
  invocation.err(done.message);
  const watches = request.watch === true;
  if (!(watches && invocation.json)) invocation.out(invocation.json ? JSON.stringify(done) : runId);
  if (!watches) return exitCode.success;
  return watchOnServer(invocation, connection, valueOf(await client.runs.get(runId)));
}

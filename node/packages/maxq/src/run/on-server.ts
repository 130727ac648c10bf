import { valueOf } from "@maxq/client";
import type { TriggerBody } from "@maxq/core";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { withServer } from "../connect/with-server.js";
import { watchOnServer } from "../watch/on-server.js";
import type { RunRequest } from "./request.js";

/** Starts a run on the server that is named and prints its id, or watches it to its end. */
export async function runOnServer(
  invocation: Invocation,
  { flow, watch, showOutput }: RunRequest,
  body: TriggerBody,
): Promise<number> {
  return withServer(invocation, async (connection) => {
    const run = valueOf(await connection.client.runs.create(flow, body));
    const isAnswer = watch !== true || !(showOutput ?? invocation.json);
    if (isAnswer) invocation.out(invocation.json ? JSON.stringify(run) : run.id);
    return watch === true ? watchOnServer(invocation, connection, run, { showOutput }) : exitCode.success;
  });
}

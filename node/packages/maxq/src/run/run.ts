import type { TriggerBody } from "@maxq/core";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { settingsOrComplain } from "../settings/or-complain.js";
import { longFlag } from "../settings/read.js";
import { settings as table } from "../settings/settings.js";
import { readInput } from "./input.js";
import { settingsHere, type RunRequest } from "./request.js";

/** `maxq run`: one flow, on a server if one is named, else to its end in this process. */
export async function run(invocation: Invocation, request: RunRequest): Promise<number> {
  const settings = settingsOrComplain(invocation);
  if (settings === null) return exitCode.usage;
  const input = await readInput(request.input, invocation.terminal);
  if (input.reason === "invalid") {
    invocation.err(`maxq: ${input.message}`);
    return exitCode.usage;
  }
  const onlyHere = ([...settingsHere, "dataDir"] as const).filter((name) => name in invocation.flags);
  if (settings.serverUrl !== null && onlyHere.length > 0) {
    const flags = onlyHere.map((name) => longFlag(table[name].flag ?? name)).join(", ");
    const isOrAre = onlyHere.length === 1 ? "is" : "are";
    invocation.err(
      `maxq: ${flags} ${isOrAre} for a run in this process, but a server is named (--server or MAXQ_URL). Leave out one of them: MAXQ_URL= runs it here.`,
    );
    return exitCode.usage;
  }
  if (settings.serverUrl !== null && request.showOutput === true && request.watch !== true) {
    invocation.err(
      "maxq: --show-output prints when the run is over: add --watch, or read it later with maxq logs RUN.",
    );
    return exitCode.usage;
  }
  const body: TriggerBody = {
    input: input.input,
    ...(request.timeout === undefined ? {} : { timeoutMs: request.timeout }),
    ...(request.name === undefined ? {} : { name: request.name }),
  };
  return settings.serverUrl === null
    ? (await import("./here.js")).runHere(invocation, settings, request, body)
    : (await import("./on-server.js")).runOnServer(invocation, request, body);
}

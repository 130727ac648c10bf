import { shellWord, type Run } from "@maxq/core";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import type { Connection } from "../connect/connect.js";
import { complain } from "../connect/with-server.js";
import { StopSignals } from "../serve/signals.js";
import { askWhatNow } from "./ask.js";
import { lastOutput } from "./report.js";
import type { View } from "./view/view.js";
import { reportEnd, watch } from "./watch.js";

/** What is wanted beside the view. */
export interface WatchOptions {
  /** Then print what the last stage's last steps printed. */
  readonly showOutput?: boolean | undefined;
}

/**
 * Watches a run on a server to its end and answers its result as the exit code. Ctrl-C at a terminal asks whether to leave it, end it or go on; elsewhere it leaves it:
 * then, and when the server is lost, how to watch again is told. Throws `ApiError`.
 */
export async function watchOnServer(
  invocation: Invocation,
  connection: Connection,
  run: Run,
  { showOutput = false }: WatchOptions = {},
): Promise<number> {
  const { client, origin } = connection;
  const leaving = new AbortController();
  const signals = new StopSignals(invocation.environment);
  const listen = (view: View): void => {
    signals.onSignal(
      (_count, signal) => void interrupted(invocation, connection, run, { view, signal, leaving }),
    );
  };
  const over = await watch(invocation, client, run, leaving.signal, listen);
  if (over.reason === "over") {
    const code = await reportEnd(invocation, client, over.run);
    if (invocation.json) invocation.out(JSON.stringify(over.run));
    else if (showOutput) invocation.terminal.stdout.write(await lastOutput(client, over.run));
    return code;
  }
  const code = over.reason === "left" ? exitCode.interrupted : complain(invocation, over);
  invocation.err(
    `The run goes on without being watched. Watch it again: maxq show ${run.id} --watch --server ${shellWord(origin)}`,
  );
  return code;
}

interface Interruption {
  readonly view: View;
  readonly signal: NodeJS.Signals;
  readonly leaving: AbortController;
}

async function interrupted(
  { terminal }: Invocation,
  { client }: Connection,
  run: Run,
  { view, signal, leaving }: Interruption,
): Promise<void> {
  const canAsk = signal === "SIGINT" && view.live && terminal.stdin.isTTY;
  const choice = canAsk ? await askWhatNow(terminal.stdin, view) : "detach";
  switch (choice) {
    case "detach":
      leaving.abort();
      return;
    case "abort": {
      view.note("Aborting: everything that runs is ended.");
      const answer = await client.runs.abort(run.id);
      if (answer.reason === "refused") view.note(answer.problem.message);
      if (answer.reason === "unreachable") view.note(answer.message);
      return;
    }
    case "go on":
      return;
  }
}

import type { Client, RunWithStages } from "@maxq/client";
import type { Run } from "@maxq/core";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { painter } from "../print/paint.js";
import { duration } from "../print/words.js";
import { usualDuration } from "./estimate.js";
import { Follower, type Over } from "./follower.js";
import { Progress } from "./progress.js";
import { failureReport } from "./report.js";
import { foldingOf } from "./view/folding.js";
import { LiveView } from "./view/live.js";
import { PlainView } from "./view/plain.js";
import type { View } from "./view/view.js";

/** Shows a run until it is over or `signal` aborts; `listen` gets the view to talk to people through. Throws `ApiError`. */
export async function watch(
  invocation: Invocation,
  client: Client,
  run: Run,
  signal: AbortSignal,
  listen: (view: View) => void,
): Promise<Over> {
  const progress = new Progress(run.flowName, run.createdAt);
  const view = makeView(invocation, progress);
  listen(view);
  progress.usualMs = await usualDuration(client, run.flowName);
  view.start();
  const follower = new Follower({ client, runId: run.id, progress, view, signal });
  return follower.untilOver().finally(() => view.stop());
}

/** Says how a run ended, and answers the exit code that says the same. Throws `ApiError`. */
export async function reportEnd(
  { err }: Pick<Invocation, "err">,
  client: Client,
  run: RunWithStages,
): Promise<number> {
  const took = duration((run.completedAt ?? Date.now()) - run.createdAt);
  if (run.status === "completed") err(`✔ ${run.flowName} completed in ${took}`);
  else for (const line of await failureReport(client, run)) err(line);
  return exitCodeOf(run);
}

/** What a run's end means as an exit code. */
export function exitCodeOf({ status, error }: Pick<Run, "status" | "error">): number {
  if (status === "completed") return exitCode.success;
  if (status === "aborted") return exitCode.aborted;
  return error?.code === "RUN_TIMEOUT" ? exitCode.timeout : exitCode.failure;
}

function makeView({ err, environment, terminal }: Invocation, progress: Progress): View {
  const plain = !terminal.stderr.isTTY || environment.TERM === "dumb" || environment.CI !== undefined;
  const paint = painter(terminal.stderr);
  return plain
    ? new PlainView(err, progress, paint, foldingOf(environment))
    : new LiveView(terminal.stderr, progress, paint);
}

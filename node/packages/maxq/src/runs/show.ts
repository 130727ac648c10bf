import { valueOf, type Client, type RunWithStages } from "@maxq/client";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { runIdOf } from "../connect/run-id.js";
import { withServer } from "../connect/with-server.js";
import { painter, sign, type Paint } from "../print/paint.js";
import { duration, moment, plainLine } from "../print/words.js";
import { stepsOf } from "../watch/load.js";
import { watchOnServer } from "../watch/on-server.js";
import { Progress } from "../watch/progress.js";
import { failureReport } from "../watch/report.js";
import { formatRow } from "../watch/view/format.js";
import { stageRows } from "../watch/view/rows.js";
import { stepLines } from "./step-lines.js";

export interface ShowRequest {
  /** A run's id, or `last`. */
  readonly run: string;
  /** A step's id. */
  readonly step?: string | undefined;
  readonly watch: boolean;
}

/** Stages of more steps than this are shown by their counts alone. */
const mostLoaded = 1_000;

/** `maxq show`: a run with its stages and why it failed, or a step with its attempts; with `watch` the run to its end. */
export function show(invocation: Invocation, { run, step, watch }: ShowRequest): Promise<number> {
  return withServer(invocation, async (connection) => {
    const { client } = connection;
    const { out, json, terminal } = invocation;
    const runId = await runIdOf(client, run);
    if (step !== undefined) {
      const detail = valueOf(await client.steps.get(runId, step));
      const lines = json ? [JSON.stringify(detail)] : stepLines(detail, painter(terminal.stdout));
      lines.forEach(out);
      return exitCode.success;
    }
    const found = valueOf(await client.runs.get(runId));
    if (watch) return watchOnServer(invocation, connection, found);
    const paint = painter(terminal.stdout);
    const lines = json
      ? [JSON.stringify(found)]
      : await runLines(client, found, paint, terminal.stdout.columns);
    lines.forEach(out);
    return exitCode.success;
  });
}

async function runLines(
  client: Client,
  run: RunWithStages,
  paint: Paint,
  columns: number | undefined,
): Promise<string[]> {
  const rows = await stageLines(client, run, paint, columns ?? 120);
  const failure = run.status === "failed" || run.error !== null ? await failureReport(client, run) : [];
  return [...headOf(run, paint), ...rows, ...failure.map((line) => paint("red", line))];
}

function headOf(run: RunWithStages, paint: Paint): string[] {
  const fact = (name: string, value: string | null): string[] =>
    value === null || value === "" ? [] : [`  ${paint("dim", name.padEnd(10))} ${value}`];
  const named = run.name === null ? "" : `  ${plainLine(run.name)}`;
  return [
    `${sign(run.status, paint)} ${paint("bold", run.flowName)} ${run.status}${named}`,
    ...fact("run", run.id),
    ...fact("created", moment(run.createdAt)),
    ...fact("took", run.durationMs === null ? null : duration(run.durationMs)),
    ...fact("input", run.input === null ? null : plainLine(JSON.stringify(run.input))),
    ...fact("output", run.output === null ? null : plainLine(JSON.stringify(run.output))),
    ...fact("parent", run.parentRunId),
    ...fact("retry of", run.retryOf),
  ];
}

async function stageLines(
  client: Client,
  run: RunWithStages,
  paint: Paint,
  columns: number,
): Promise<string[]> {
  const progress = new Progress(run.flowName, run.createdAt);
  for (const stage of run.stages) {
    const total = Object.values(stage.counts).reduce((sum, count) => sum + count, 0);
    progress.addStage(stage, total > mostLoaded ? [] : await stepsOf(client, run.id, stage.name));
  }
  const now = Date.now();
  return [...progress.stages.values()].flatMap((stage) =>
    stageRows(stage, now).map((row) => formatRow(row, columns, paint)),
  );
}

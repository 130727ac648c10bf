import { ApiError, valueOf, type Client } from "@maxq/client";
import type { Artifact, RunEvent, Step } from "@maxq/core";
import { inOrder } from "../connect/in-order.js";
import { pages } from "../connect/pages.js";
import { stepsOf } from "../watch/load.js";
import { logsOf } from "./run-logs.js";

const artifactsPage = 1000;

/**
 * Everything about a run as the text of one JSON document, piece by piece: the run with its stages; flow calls and steps with all attempts and what each printed; fields,
 * artifacts with their data, log and events. Throws `ApiError`.
 */
export async function* exportedParts(
  client: Client,
  runId: string,
  exportedAt: number,
): AsyncGenerator<string, void> {
  const run = valueOf(await client.runs.get(runId));
  const calls = valueOf(await client.steps.flowCalls(runId)).data;
  const steps = await stepsOf(client, runId);
  const { version } = valueOf(await client.server.health());
  const head = { format: "maxq-run/1", exportedAt, serverVersion: version, run };
  yield JSON.stringify(head).slice(0, -1);
  const detailed = (all: readonly Step[]) => inOrder(all, (step) => detailOf(client, step));
  yield* list("flowCalls", detailed(calls));
  yield* list("steps", detailed(steps));
  yield* list("fields", valueOf(await client.data.fields(runId)).fields);
  yield* list("artifacts", artifactsOf(client, runId));
  yield* list("logs", await logsOf(client, runId));
  yield* list("events", eventsOf(client, runId));
  yield "}\n";
}

async function* list(
  name: string,
  items: Iterable<unknown> | AsyncIterable<unknown>,
): AsyncGenerator<string, void> {
  yield `,${JSON.stringify(name)}:[`;
  let separator = "\n";
  for await (const item of items) {
    yield separator + JSON.stringify(item);
    separator = ",\n";
  }
  yield "]";
}

/** A step with what each of its attempts printed. */
async function detailOf(client: Client, { runId, id }: Step): Promise<object> {
  const detail = valueOf(await client.steps.get(runId, id));
  const attempts = [];
  for (const each of detail.attempts) {
    const { attempt } = each;
    const isLast = attempt === detail.attempt;
    const [stdout, stderr] = isLast
      ? [detail.stdout, detail.stderr]
      : [await textOf(client, detail, attempt, "stdout"), await textOf(client, detail, attempt, "stderr")];
    attempts.push({ ...each, stdout, stderr });
  }
  return { ...detail, attempts };
}

async function textOf(
  client: Client,
  { runId, id }: Pick<Step, "runId" | "id">,
  attempt: number,
  stream: "stdout" | "stderr",
): Promise<string> {
  const text = valueOf(await client.steps.output(runId, id, { attempt, stream }));
  return new Response(text).text();
}

async function* artifactsOf(client: Client, runId: string): AsyncGenerator<Artifact, void> {
  const ask = async (start: { cursor?: string }) =>
    valueOf(await client.data.artifacts(runId, { limit: artifactsPage, ...start }));
  for await (const { data } of pages(ask))
    for (const { name } of data) yield valueOf(await client.data.artifact(runId, name));
}

async function* eventsOf(client: Client, runId: string): AsyncGenerator<RunEvent, void> {
  for await (const each of client.followRun(runId, { toEnd: false })) {
    if (each.reason === "event") yield each.event;
    else if (each.reason !== "end") throw new ApiError(each);
  }
}

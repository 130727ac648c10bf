import { randomUUID } from "node:crypto";
import {
  isRunId,
  isStepId,
  problem,
  problemFromZod,
  splitMetadataFilters,
  strictObject,
  type Problem,
} from "@maxq/core";
import { fenceOf, type Caller } from "../access/caller.js";
import { checkContentType, readJson } from "../request/json-body.js";
import { problemFromThrown } from "../answer/failure.js";
import { readQuery } from "../request/query.js";
import type { Call } from "../routes/route.js";
import type { Exchange } from "./exchange.js";

/** A part of a request that was read, or why it does not fit. */
type Read<T> =
  { readonly reason: "read"; readonly value: T } | { readonly reason: "refused"; readonly problem: Problem };

const noQuery = strictObject({});

/** Reads path, query and body against the route's schemas, before anything is asked of the database. */
export async function readCall(exchange: Exchange, caller: Caller): Promise<Read<Call>> {
  const { request, signal } = exchange;
  const params = request.params as Record<string, string>;
  const wrongParam = checkParams(params);
  if (wrongParam !== null) return refused(wrongParam);
  const query = readQueryValues(exchange);
  if (query.reason === "refused") return query;
  const body = await readBodyValue(exchange, caller);
  if (body.reason === "refused") return body;
  return read({
    params,
    query: query.value.fitted,
    metadata: query.value.metadata,
    body: body.value,
    headers: request.headers,
    caller,
    fence: fenceOf(caller, params.runId ?? ""),
    uniqueId: randomUUID(),
    signal,
  });
}

/** An id that cannot be one is not found; nothing else about it reaches the store. */
function checkParams({ runId, stepId }: Readonly<Record<string, string>>): Problem | null {
  if (runId !== undefined && !isRunId(runId)) {
    return problem(
      "RUN_NOT_FOUND",
      `There is no run ${shown(runId)}: a run's id is a UUID in lower case. Check the id.`,
    );
  }
  if (stepId !== undefined && !isStepId(stepId)) {
    return problem(
      "STEP_NOT_FOUND",
      `There is no step ${shown(stepId)}. \`GET /runs/{id}/steps\` lists the run's steps.`,
    );
  }
  return null;
}

interface QueryValues {
  readonly fitted: unknown;
  readonly metadata: Readonly<Record<string, string>>;
}

function readQueryValues({ route, request }: Exchange): Read<QueryValues> {
  const query = readQuery(request.url);
  if (query.reason === "refused") return query;
  const { metadata, rest } =
    route.takesMetadataFilters === true
      ? splitMetadataFilters(query.values)
      : { metadata: {}, rest: query.values };
  const parsed = (route.query ?? noQuery).safeParse(rest);
  return parsed.success
    ? read({ fitted: parsed.data, metadata })
    : refused(problemFromZod(parsed.error, "INVALID_REQUEST"));
}

async function readBodyValue(exchange: Exchange, caller: Caller): Promise<Read<unknown>> {
  const { route, services, request } = exchange;
  if (route.body === null) return read(undefined);
  const found = await readBytes(exchange);
  if (found.reason === "refused") return found;
  const bytes = found.value;
  const trusted = caller.script !== null || request.headers.authorization !== undefined;
  const wrongType = bytes === undefined || bytes.length === 0 ? null : checkContentType(request, trusted);
  if (wrongType !== null) return refused(wrongType);
  const json = readJson(bytes, services.limits);
  if (json.reason === "refused") return json;
  const parsed = route.body.safeParse(json.value);
  return parsed.success ? read(parsed.data) : refused(problemFromZod(parsed.error, "INVALID_REQUEST"));
}

/** A body that is too large or not encoded as it says is refused like any other that does not fit. Rejects if its sender has gone, or by a fault of ours. */
async function readBytes({
  services,
  request,
  response,
  readBody,
}: Exchange): Promise<Read<Buffer | undefined>> {
  try {
    return read(await readBody(request, response));
  } catch (thrown) {
    const found = request.readableAborted ? null : problemFromThrown(thrown, services.limits);
    if (found === null) throw thrown;
    return refused(found);
  }
}

function shown(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}

function read<T>(value: T): Read<T> {
  return { reason: "read", value };
}

function refused(found: Problem): Read<never> {
  return { reason: "refused", problem: found };
}

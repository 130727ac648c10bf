import type { IncomingHttpHeaders } from "node:http";
import type { AttemptRef } from "@maxq/db";
import type * as z from "zod";
import { strictObject } from "@maxq/core";
import type { Caller } from "../access/caller.js";
import type { Scope } from "../access/scope.js";
import type { Answer } from "../answer/answer.js";
import type { Services } from "../app/services.js";

/** The names in braces of a path. */
type ParamNames<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never;

/** One request to one route, read and admitted. */
export interface Call<Param extends string = string, Query = unknown, Body = unknown> {
  readonly params: Readonly<Record<Param, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly headers: IncomingHttpHeaders;
  readonly caller: Caller;
  /** The attempt that fences a write to the run in the path; null for a client with a key. */
  readonly fence: AttemptRef | null;
  /** Filters on metadata, where the route takes them. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Made for this request alone; the same when it is done again because the database was away. */
  readonly uniqueId: string;
  /** Aborted when the client has gone or the server closes. */
  readonly signal: AbortSignal;
}

/** What a route says of itself beside what it does; the OpenAPI document is made of it. */
export interface RouteFacts {
  readonly method: "get" | "post" | "patch" | "delete";
  /** Below `/api/v1`, e.g. `/runs/{runId}`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  /** What a client must know beside the schemas. */
  readonly description?: string;
  readonly tag: "runs" | "flows" | "steps" | "data" | "server";
  /** What a token may do here, and whether one is needed at all. */
  readonly scope: Scope;
  /** Answers that are no error, by status: a schema, or the type of a text that is streamed. */
  readonly answers: Readonly<Record<number, z.ZodType | "text/plain" | "text/event-stream">>;
  /** Those of the statuses whose answers say by `Location` where what was made is. */
  readonly locations?: readonly number[];
  /** Takes `metadata.<key>=<text>` in its query. */
  readonly takesMetadataFilters?: boolean;
  /** Takes these headers, by what they are for. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Refusals are noted on the flow call that made the request. */
  readonly notesRefusals?: boolean;
  /** What it answers comes as it happens: who reads it is counted as a reader. */
  readonly streams?: "events" | "text";
  /** Asked again and again by machines: logged at debug. */
  readonly quiet?: boolean;
  /** Also served without `/api/v1`. */
  readonly alsoAtRoot?: boolean;
}

/** A route whose types fit together. */
interface RouteSpec<Path extends string, Query extends z.ZodType, Body extends z.ZodType> extends RouteFacts {
  readonly path: Path;
  readonly query?: Query;
  readonly body?: Body;
  readonly documentedBody?: z.ZodType;
  readonly handle: (
    call: Call<ParamNames<Path>, z.output<Query>, z.output<Body>>,
    services: Services,
  ) => Promise<Answer>;
}

/** A route as the table of routes holds it. */
export interface Route extends RouteFacts {
  readonly query: z.ZodType | null;
  /** What the document shows in place of `body`. */
  readonly documentedBody?: z.ZodType;
  /** Null: the route takes no body, and what is sent is not read. A POST that takes none refuses one (`noBody`): who sends it expects it to count. */
  readonly body: z.ZodType | null;
  readonly handle: (call: Call, services: Services) => Promise<Answer>;
}

/** Nothing, or `{}`. */
export const noBody = strictObject({});

/** Makes a route. Its handler gets a call that has been identified, is in scope and fits the schemas. */
export function route<
  const Path extends string,
  Query extends z.ZodType = z.ZodType<object>,
  Body extends z.ZodType = z.ZodType<undefined>,
>(spec: RouteSpec<Path, Query, Body>): Route {
  return {
    ...spec,
    query: spec.query ?? null,
    body: spec.body ?? (spec.method === "post" ? noBody : null),
    handle: spec.handle as Route["handle"],
  };
}

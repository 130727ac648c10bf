import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { withoutTokens } from "@maxq/core";
import { splitCapability, withoutCapability } from "../access/capability-path.js";

/** What is known of a request beside its message. */
export interface RequestState {
  /** Given by the client in X-Request-Id if that is harmless to repeat in answers and logs, else made. */
  readonly id: string;
  /** The URL without a capability: safe to log. */
  readonly loggedUrl: string;
  /** The token that stood in the path, null if none did. */
  readonly pathToken: string | null;
  readonly startedAt: number;
  /** Set when a script made it: such requests are logged at debug. */
  byScript: boolean;
  /** The route's level in the log. */
  quiet: boolean;
  /** The pattern of the route that took it; null: none has yet. */
  route: string | null;
  /** The run that it is about, or whose script makes it; null: none is known. */
  run: string | null;
  /** The id of the step that it is about; null: none. */
  step: string | null;
  /** The attempt whose script makes it, as the worker's log calls it: `<step key>.<attempt>`; null: no script does. */
  attemptKey: string | null;
  /** The answer is a stream. */
  streams: boolean;
}

const states = new WeakMap<ServerResponse, RequestState>();

/** Takes up a request: names it and takes the capability out of its URL, so that nothing behind this sees or logs it. */
export function beginRequest(request: IncomingMessage, response: ServerResponse): RequestState {
  const url = request.url ?? "/";
  const split = splitCapability(url);
  if (split !== null) request.url = split.url;
  const given = request.headers["x-request-id"];
  const state: RequestState = {
    id: typeof given === "string" && isHarmless(given) ? given : randomUUID(),
    loggedUrl: withoutCapability(url),
    pathToken: split?.token ?? null,
    startedAt: performance.now(),
    byScript: split !== null,
    quiet: false,
    route: null,
    streams: false,
    run: null,
    step: null,
    attemptKey: null,
  };
  states.set(response, state);
  return state;
}

function isHarmless(requestId: string): boolean {
  return /^[A-Za-z0-9._-]{1,100}$/.test(requestId) && withoutTokens(requestId) === requestId;
}

/** The state of the request that this response answers. It must have begun. */
export function requestStateOf(response: ServerResponse): RequestState {
  const state = states.get(response);
  if (state === undefined) throw new Error("The request has not begun");
  return state;
}

/** What names run, step and attempt of a request in the log; what is not known is left out. */
export function subjectOf({ run, step, attemptKey }: RequestState): Readonly<Record<string, string>> {
  return {
    ...(run === null ? {} : { run }),
    ...(step === null ? {} : { step }),
    ...(attemptKey === null ? {} : { attemptKey }),
  };
}

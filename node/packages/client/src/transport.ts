import { withoutTokens, type ErrorAnswer } from "@maxq/core";
import { ApiError, type Answer, type Refused, type Unreachable } from "./answer.js";
import { astray } from "./path.js";

/** A query's values; undefined ones are left out, lists are joined by commas. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** One request. `path` is below the base and has its parts escaped; what would lead elsewhere is refused, not sent. */
export interface ApiRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Sends requests. */
export interface Transport {
  /** The answer's JSON. */
  readonly json: <T>(request: ApiRequest) => Promise<Answer<T>>;
  /** The answer's body as it comes. Where it breaks off, it fails with an `ApiError` that says so. */
  readonly stream: (request: ApiRequest) => Promise<Answer<ReadableStream<Uint8Array>>>;
}

/** Where and how to send. */
export interface TransportOptions {
  /** With or without `/api/v1` at its end; a script's MAXQ_API does, too. */
  readonly baseUrl: string;
  /** The server's key or a script's token; null or left out on an open server. */
  readonly apiKey?: string | null | undefined;
  /** For tests and for other agents; default the global one. */
  readonly fetch?: typeof fetch | undefined;
}

/** A transport over fetch. */
export function createTransport({ baseUrl, apiKey, fetch: send = fetch }: TransportOptions): Transport {
  const trimmed = baseUrl.replace(/\/+$/, "");
  const base = /\/api\/v1(\/as\/[^/]+)?$/.test(trimmed) ? trimmed : `${trimmed}/api/v1`;
  const key =
    apiKey === null || apiKey === undefined || apiKey === "" ? {} : { Authorization: `Bearer ${apiKey}` };

  const answered = async <T>(
    request: ApiRequest,
    read: (response: Response) => Promise<T>,
  ): Promise<Answer<T>> => {
    const { method, path, query, body, headers, signal } = request;
    const type = body === undefined ? {} : { "Content-Type": "application/json" };
    const refused = astray(path);
    if (refused !== null) return refused;
    try {
      const response = await send(base + path + queryText(query), {
        method,
        headers: { ...key, ...type, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      });
      if (!response.ok) return await refusal(response);
      return { reason: "ok", status: response.status, value: await read(response) };
    } catch (error) {
      return unreachable(trimmed, error);
    }
  };
  return {
    json: (request) => answered(request, (response) => response.json() as Promise<never>),
    stream: (request) =>
      answered(request, ({ body }) =>
        Promise.resolve(
          body === null ? new ReadableStream() : wholeOr(body, (error) => unreachable(trimmed, error)),
        ),
      ),
  };
}

/** The body, which fails with what `lost` makes of the error when it breaks off. */
function wholeOr(
  body: ReadableStream<Uint8Array>,
  lost: (error: unknown) => Unreachable,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          controller.error(new ApiError(lost(error)));
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function queryText(query: Query = {}): string {
  const parts = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`],
  );
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

async function refusal(response: Response): Promise<Refused | Unreachable> {
  const text = await response.text();
  const body = parse(text);
  if (body === null) {
    const message = `What answered with status ${response.status} is no MaxQ server. Check the URL.`;
    return { reason: "unreachable", message };
  }
  const { error: message, code, details = {}, requestId } = body;
  return { reason: "refused", status: response.status, problem: { code, message, details }, requestId };
}

function parse(text: string): ErrorAnswer | null {
  try {
    const body = JSON.parse(text) as Partial<ErrorAnswer> | null;
    return typeof body?.error === "string" && typeof body.code === "string" ? (body as ErrorAnswer) : null;
  } catch {
    return null;
  }
}

function unreachable(baseUrl: string, error: unknown): Unreachable {
  const { message, cause } = error as { message?: string; cause?: { message?: string; code?: string } };
  const why = cause?.code ?? cause?.message ?? message ?? "unknown";
  const text = `No answer from ${baseUrl}: ${why}. Check the URL and that the server runs.`;
  return { reason: "unreachable", message: withoutSecrets(text) };
}

/** Without the token that a URL's path can hold, and without a password before its host. */
function withoutSecrets(text: string): string {
  return withoutTokens(text).replaceAll(/:\/\/[^/\s]*@/g, "://");
}

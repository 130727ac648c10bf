import { errorAnswerSchema } from "@maxq/core";
import type { z } from "zod";
import type { ZodOpenApiOperationObject, ZodOpenApiResponseObject } from "zod-openapi";
import type { Route } from "../routes/route.js";

type Responses = ZodOpenApiOperationObject["responses"];

const descriptions: Readonly<Record<number, string>> = {
  200: "Done",
  201: "Made",
  202: "On its way",
  400: "The request does not fit",
  401: "No key, or a wrong one",
  403: "Not with this token, or not from this origin",
  404: "There is no such thing",
  409: "The state does not allow it",
  413: "A body or value is too large",
  415: "The body is not JSON",
};

/** What the headers of answers say that clients may want. */
const headers = {
  Location: header("Where what was made is"),
  "X-Request-Id": header("The one that was sent, or a new one; the server's log has it, too"),
  "WWW-Authenticate": header("`Bearer`"),
  Allow: header("With 405: the methods that the path takes"),
  "Retry-After": header("With 503: after how many seconds to try again"),
} as const;

/** The answers of a route, refusals included. */
export function responsesOf(route: Route): Responses {
  const answers = Object.entries(route.answers).map(([status, body]) => [
    status,
    {
      description: describe(status),
      headers: headersNamed(
        ...(route.locations?.includes(Number(status)) === true ? ["Location" as const] : []),
      ),
      content: contentOf(body),
    },
  ]);
  const refusals = [...refusalsOf(route)].map((status) => [
    String(status),
    refusal(describe(String(status)), ...(status === 401 ? ["WWW-Authenticate" as const] : [])),
  ]);
  return {
    ...(Object.fromEntries([...answers, ...refusals]) as Responses),
    default: refusal("Any other failure, in the shape of all errors", "Allow", "Retry-After"),
  };
}

function contentOf(body: z.ZodType | string): Record<string, { schema: z.ZodType | { type: "string" } }> {
  return typeof body === "string"
    ? { [body]: { schema: { type: "string" } } }
    : { "application/json": { schema: body } };
}

function refusal(description: string, ...named: readonly (keyof typeof headers)[]): ZodOpenApiResponseObject {
  return {
    description,
    headers: headersNamed(...named),
    content: { "application/json": { schema: errorAnswerSchema } },
  };
}

function header(description: string): { description: string; schema: { type: "string" } } {
  return { description, schema: { type: "string" } };
}

/** These, and the one that all answers have. */
function headersNamed(
  ...names: readonly (keyof typeof headers)[]
): Record<string, ReturnType<typeof header>> {
  return Object.fromEntries(["X-Request-Id" as const, ...names].map((name) => [name, headers[name]]));
}

function refusalsOf({ scope, path, method, body }: Route): Set<number> {
  return new Set([
    400, // a query with what the route does not take
    ...(scope === "public" ? [] : [401, 403]),
    ...(path.includes("{") || scope === "trigger" ? [404] : []),
    ...(method === "get" ? [] : [409]),
    ...(body === null ? [] : [413, 415]),
  ]);
}

function describe(status: string): string {
  return descriptions[Number(status)] ?? status;
}

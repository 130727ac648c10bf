import { errorAnswerSchema } from "@maxq/core";
import type { z } from "zod";
import type { ZodOpenApiOperationObject } from "zod-openapi";
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

/** The answers of a route, refusals included. */
export function responsesOf(route: Route): Responses {
  const answers = Object.entries(route.answers).map(([status, body]) => [
    status,
    { description: describe(status), content: contentOf(body) },
  ]);
  const refusals = [...refusalsOf(route)].map((status) => [
    String(status),
    refusal(describe(String(status))),
  ]);
  return {
    ...(Object.fromEntries([...answers, ...refusals]) as Responses),
    default: refusal("Any other failure, in the shape of all errors"),
  };
}

function contentOf(body: z.ZodType | string): Record<string, { schema: z.ZodType | { type: "string" } }> {
  return typeof body === "string"
    ? { [body]: { schema: { type: "string" } } }
    : { "application/json": { schema: body } };
}

function refusal(description: string): {
  description: string;
  content: { "application/json": { schema: z.ZodType } };
} {
  return { description, content: { "application/json": { schema: errorAnswerSchema } } };
}

function refusalsOf({ scope, path, method, query, body }: Route): Set<number> {
  return new Set([
    ...(query === null && body === null ? [] : [400]),
    ...(scope === "public" ? [] : [401, 403]),
    ...(path.includes("{") || scope === "trigger" ? [404] : []),
    ...(method === "get" ? [] : [409]),
    ...(body === null ? [] : [413, 415]),
  ]);
}

function describe(status: string): string {
  return descriptions[Number(status)] ?? status;
}

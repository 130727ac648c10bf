import { runEventSchema } from "@maxq/core";
import { createDocument, type ZodOpenApiOperationObject } from "zod-openapi";
import { noBody, type Route } from "../routes/route.js";
import { parametersOf } from "./parameters.js";
import { responsesOf } from "./responses.js";

const introduction =
  "Runs folders of shell scripts as durable workflows. Errors have one shape, with a code and a request id; times are epoch milliseconds. " +
  "Scripts use MAXQ_API, whose path carries their token, and need no header.";

const metadataFilters =
  "Also takes `metadata.<key>=<text>`, any number of times with different keys: runs whose top-level metadata value of that key has that text.";

/** The OpenAPI 3.1 document of these routes, made from the schemas that requests are checked with. */
export function createOpenApi(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route);
  return createDocument({
    openapi: "3.1.1",
    info: { title: "MaxQ", version, description: introduction, license: { name: "MIT", identifier: "MIT" } },
    servers: [{ url: "/api/v1" }],
    security: [{ key: [] }],
    tags: ["runs", "flows", "steps", "data", "server"].map((name) => ({ name })),
    paths,
    components: {
      // Comes in no answer as JSON, but in the stream of events.
      schemas: { RunEvent: runEventSchema },
      securitySchemes: {
        key: {
          type: "http",
          scheme: "bearer",
          description: "The server's key, or a script's token; not needed on an open server",
        },
      },
    },
  });
}

function operation(route: Route): ZodOpenApiOperationObject {
  const body = route.body === noBody ? null : (route.documentedBody ?? route.body);
  const required = body !== null && !body.safeParse({}).success;
  const description = route.takesMetadataFilters === true ? metadataFilters : route.description;
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(description === undefined ? {} : { description }),
    tags: [route.tag],
    ...(route.scope === "public" ? { security: [] } : {}),
    requestParams: parametersOf(route),
    ...(body === null
      ? {}
      : { requestBody: { required, content: { "application/json": { schema: body } } } }),
    responses: responsesOf(route),
  };
}

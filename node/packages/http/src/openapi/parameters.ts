import { flowNamePattern, artifactNamePattern } from "@maxq/core";
import * as z from "zod";
import type { ZodOpenApiOperationObject } from "zod-openapi";
import type { Route } from "../routes/route.js";

type Params = NonNullable<ZodOpenApiOperationObject["requestParams"]>;
type ObjectSchema = NonNullable<Params["query"]>;

/** What stands in braces in paths. */
const pathParams: Readonly<Record<string, z.ZodType>> = {
  runId: z.uuid().meta({ description: "A run's id" }),
  stepId: z
    .string()
    .meta({ description: "A step's id, or `flow:<n>` of a flow call", example: "fetch.users" }),
  flowName: z.string().regex(flowNamePattern).meta({ description: "A flow's name", example: "hello" }),
  artifactName: z
    .string()
    .regex(artifactNamePattern)
    .meta({ description: "An artifact's name", example: "chunk-0" }),
};

/** The parameters of a route, as the document takes them. */
export function parametersOf(route: Route): Params {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const path = z.object(Object.fromEntries(names.map((name) => [name, pathParams[name] ?? z.string()])));
  const header = z.object(
    Object.fromEntries(
      Object.entries(route.headers ?? {}).map(([name, description]) => [
        name,
        z.string().optional().meta({ description }),
      ]),
    ),
  );
  return {
    ...(names.length === 0 ? {} : { path }),
    ...(route.query === null ? {} : { query: route.query as ObjectSchema }),
    ...(route.headers === undefined ? {} : { header }),
  };
}

import * as z from "zod";
import type { Json } from "./entities.js";

/**
 * Any JSON value, `null` included; only absence is refused. Hands the value on as it is, without looking inside: bound its depth with `unfitJson`.
 * Renders as the schema that allows everything.
 */
export const jsonSchema = z
  .unknown()
  .refine((value) => value !== undefined, { error: "is missing" })
  .meta({ description: "Any JSON value" }) as z.ZodType<Json>;

/** Any JSON object, handed on as it is: zod's own records lose a key `__proto__`. What else is checked of it sees objects only. */
export const jsonObjectSchema = z
  .unknown()
  .refine((value) => typeof value === "object" && value !== null && !Array.isArray(value), {
    error: ({ input }) => (input === undefined ? "is missing" : "must be an object"),
    abort: true,
  })
  .meta({ override: { type: "object", additionalProperties: true } }) as z.ZodType<
  Readonly<Record<string, Json>>
>;

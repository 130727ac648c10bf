import * as z from "zod";
import { logEntityTypes, logLevels } from "../entities.js";
import { jsonObjectSchema, jsonSchema } from "../json-schema.js";
import { artifactNamePattern, flowNamePattern, isFieldName } from "../names.js";
import { strictObject } from "../strict-object.js";
import { prioritySchema, storable, textSchema } from "./values.js";

const year = 365 * 24 * 3_600_000;

const nameSchema = textSchema(200)
  .nullable()
  .meta({ description: "Display name", example: "Nightly import" });
const descriptionSchema = textSchema(10_000).nullable().meta({ description: "Display text" });

const triggerShape = {
  input: jsonSchema.optional().meta({ description: "What the scripts find at `$MAXQ_INPUT`; default null" }),
  metadata: jsonObjectSchema
    .optional()
    .meta({ description: "Labels to find the run by", example: { team: "data" } }),
  priority: prioritySchema.optional().meta({ description: "Higher starts first; default 0" }),
  timeoutMs: z
    .int()
    .min(1)
    .max(year)
    .optional()
    .meta({ description: "The run fails when it takes longer", example: 3_600_000 }),
  name: nameSchema.optional(),
  description: descriptionSchema.optional(),
};

/** `POST /flows/{flowName}/runs`. */
export const triggerBodySchema = strictObject(triggerShape).meta({
  id: "TriggerBody",
  description: "A run to start",
});

/** `POST /runs`. */
export const runCreateBodySchema = strictObject({
  flowName: z
    .string()
    .regex(flowNamePattern, {
      error:
        'may hold letters, digits, ".", "_" and "-", at most 128, and begins with a letter, digit or "_"',
    })
    .meta({ example: "hello" }),
  ...triggerShape,
}).meta({ id: "RunCreateBody", description: "A run to start, with its flow" });

/** `PATCH /runs/{runId}`: changes what is given. */
export const patchRunBodySchema = strictObject({
  name: nameSchema.optional(),
  description: descriptionSchema.optional(),
  output: jsonSchema.optional().meta({ description: "The run's output" }),
}).meta({ id: "PatchRunBody", description: "What to change of a run" });

/** `POST /runs/{runId}/steps/{stepId}/fields`: merged into what is there, key by key. */
export const fieldsBodySchema = strictObject({
  fields: jsonObjectSchema
    .refine((fields) => Object.keys(fields).every(isFieldName), {
      error: "has a key that is empty, longer than 255 characters, or holds a NUL",
    })
    .meta({
      override: {
        type: "object",
        propertyNames: { minLength: 1, maxLength: 255, pattern: "^[^\\u0000]*$" },
        additionalProperties: true,
      },
      example: { count: 42 },
    }),
}).meta({ id: "FieldsBody", description: "Fields of a step" });

/** `POST /runs/{runId}/artifacts`: a second one of the same name replaces it. */
export const artifactBodySchema = strictObject({
  name: z
    .string()
    .regex(artifactNamePattern, {
      error: "may hold letters, digits and ._~:@+=,- and begins with a letter, digit or _, at most 255",
    })
    .meta({ example: "chunk-0" }),
  data: jsonSchema,
}).meta({ id: "ArtifactBody", description: "A named JSON document of a run" });

/** `POST /runs/{runId}/logs`. */
export const logBodySchema = strictObject({
  level: z.enum(logLevels).optional().meta({ description: "Default `info`" }),
  message: storable(z.string().min(1)),
  entityType: z.enum(logEntityTypes).optional().meta({ description: "What it is about; default `run`" }),
  entityId: textSchema(1000)
    .nullable()
    .optional()
    .meta({ description: "Free text; by custom the stage's name or the step's id" }),
  metadata: jsonSchema.optional(),
}).meta({ id: "LogBody", description: "A line for the run's log" });

/** A run to start. */
export type TriggerBody = z.infer<typeof triggerBodySchema>;
/** A run to start, with its flow. */
export type RunCreateBody = z.infer<typeof runCreateBodySchema>;
/** What to change of a run. */
export type PatchRunBody = z.infer<typeof patchRunBodySchema>;
/** Fields of a step. */
export type FieldsBody = z.infer<typeof fieldsBodySchema>;
/** A named JSON document of a run. */
export type ArtifactBody = z.infer<typeof artifactBodySchema>;
/** A line for the run's log. */
export type LogBody = z.infer<typeof logBodySchema>;

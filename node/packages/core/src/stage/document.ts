import * as z from "zod";
import type { Json } from "../entities.js";
import { envNamePattern, givenIdPattern, isReservedEnvName, stageNamePattern } from "../names.js";
import { jsonSchema } from "../json-schema.js";
import { maxInt32 } from "../max-int32.js";
import { strictObject } from "../strict-object.js";

/** At most 60 characters of a refused value, quoted. */
function quote(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? "This" : text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

const nameSchema = z.string().regex(stageNamePattern, {
  error: ({ input }) =>
    `may hold letters, digits, "_" and "-", at most 128, and may not begin with "-": ${quote(input)} does not fit`,
});

const stageNameSchema = nameSchema.meta({ description: "Unique in its run", example: "fetch" });

const stepNameSchema = nameSchema.meta({
  description: "The script: `<flow>/steps/<name>/step.sh`",
  example: "scraper",
});

const givenIdSchema = z
  .string()
  .regex(givenIdPattern, {
    error: ({ input }) => `may hold letters, digits, "_" and "-", at most 128: ${quote(input)} does not fit`,
  })
  .meta({
    description: "Unique in its run; made from stage, name and sequence if absent",
    example: "scraper-0",
  });

const envSchema = z
  .record(
    z
      .string()
      .regex(envNamePattern, { error: 'is not a variable\'s name: letters, digits and "_", no digit first' })
      .refine((name) => !isReservedEnvName(name), {
        error: "is reserved: MAXQ_*, LD_*, BASH_ENV and ENV cannot be set",
      }),
    z.string().refine((value) => !value.includes("\0"), { error: "holds a NUL character" }),
  )
  .meta({ description: "Variables of the step's script", example: { SHARD: "0" } });

/** One entry of `steps`: one step, or several instances of it. The keys of both dialects. */
export const stepEntrySchema = strictObject({
  id: givenIdSchema.optional(),
  name: stepNameSchema,
  instances: z
    .int()
    .min(1)
    .max(maxInt32)
    .optional()
    .meta({ description: "How many steps to make; default 1", example: 10 }),
  dependsOn: z
    .array(z.string().min(1).max(400))
    .optional()
    .meta({
      description:
        "Ids or names of steps of this stage (a name means all of them), or ids of completed steps of earlier stages",
      example: ["fetch"],
    }),
  env: envSchema.optional(),
  maxRetries: z.int().min(0).max(maxInt32).optional().meta({ description: "Default 0", example: 3 }),
  retryDelayMs: z
    .int()
    .min(0)
    .max(maxInt32)
    .optional()
    .meta({ description: "Wait before a retry; default 0", example: 1000 }),
  retryBackoff: z.enum(["fixed", "exponential"]).optional().meta({
    description:
      "`exponential` doubles the wait with each failure, at random between 0 and that; default `fixed`",
  }),
  timeoutMs: z
    .int()
    .min(1)
    .max(maxInt32)
    .optional()
    .meta({ description: "The script is ended after so long, which is a failed attempt", example: 60_000 }),
  priority: z
    .int()
    .min(-maxInt32)
    .max(maxInt32)
    .optional()
    .meta({ description: "Higher starts first; default the run's" }),
  onLost: z
    .enum(["retry", "fail"])
    .optional()
    .meta({ description: "What to do when the worker that ran it died; default `retry`" }),
  allowFailure: z.boolean().optional().meta({
    description:
      "A failure is recorded, but fails neither stage nor run and releases dependents; default false",
  }),
}).meta({ id: "StepEntry", description: "A step of a stage document" });

/** A stage: what a flow prints, writes to `$MAXQ_OUTPUT`, or posts to `/runs/{id}/steps`. */
export const stageDocumentSchema = strictObject({
  stage: stageNameSchema,
  final: z.boolean().optional().meta({ description: "Nothing follows this stage; default false" }),
  steps: z.array(stepEntrySchema).meta({ description: "May be empty: the stage then completes at once" }),
  failFast: z
    .boolean()
    .optional()
    .meta({ description: "A failed step stops the stage from starting more; default true" }),
  recover: z.boolean().optional().meta({
    description: "When this stage completes, the run's failures so far count as handled; default false",
  }),
  maxParallel: z
    .int()
    .min(1)
    .max(maxInt32)
    .optional()
    .meta({ description: "Steps of the stage at a time", example: 4 }),
  output: jsonSchema.optional().meta({ description: "With `final`: becomes the run's output" }),
}).meta({ id: "StageDocument", description: "A stage and its steps" });

/** `{"final": true}` alone: nothing more will be scheduled. */
export const finalDocumentSchema = strictObject({
  final: z.literal(true),
  output: jsonSchema.optional().meta({ description: "Becomes the run's output" }),
}).meta({ id: "FinalDocument", description: "Nothing more will be scheduled" });

/** A step of a stage document, as it was given. */
export type StepEntry = z.infer<typeof stepEntrySchema>;

/** A stage document, as it was given: valid, defaults not filled in. */
export type StageDocument = z.infer<typeof stageDocumentSchema>;

/** A document that schedules nothing and ends the run. */
export interface FinalDocument {
  readonly final: true;
  readonly output?: Json | undefined;
}

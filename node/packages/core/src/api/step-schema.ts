import * as z from "zod";
import { jsonObjectSchema } from "../json-schema.js";
import { stepStatuses } from "../states.js";
import { problemSchema } from "./problem-schema.js";
import { timeSchema } from "./values.js";

/** How a process ended and what it used; of a step its last attempt's. */
const ending = {
  startedAt: timeSchema.nullable(),
  completedAt: timeSchema.nullable(),
  exitCode: z.int().nullable(),
  signal: z.string().nullable().meta({ example: "SIGKILL" }),
  error: problemSchema.nullable(),
  cpuMs: z.number().nullable().meta({ description: "CPU time; null where it cannot be told" }),
  maxRssBytes: z.int().nullable().meta({ description: "Peak memory; null where it cannot be told" }),
  workerId: z.string().nullable(),
};

/** One start of a step's process. */
export const attemptSchema = z
  .object({
    attempt: z.int().min(1),
    status: z.enum(stepStatuses),
    reason: z.string().nullable().meta({
      description:
        "`failed`, `timeout`, `worker_lost`, `drain`, `fenced`, `aborted`, `not_started`; null if it completed or runs",
    }),
    ...ending,
  })
  .meta({ id: "Attempt", description: "One start of a step's process" });

/** What was captured of an attempt. */
export const stepOutputSchema = z
  .object({
    stdout: z.string(),
    stderr: z.string(),
    stdoutBytes: z.int().min(0).meta({ description: "All bytes written, kept or not" }),
    stderrBytes: z.int().min(0),
    stdoutTruncated: z.boolean(),
    stderrTruncated: z.boolean(),
  })
  .meta({ id: "StepOutput", description: "What was captured of an attempt" });

/** A step without its output. */
export const stepSchema = z
  .object({
    id: z.string(),
    runId: z.string(),
    stageName: z.string(),
    name: z.string(),
    sequence: z.int().min(0),
    status: z.enum(stepStatuses),
    dependsOn: z.array(z.string()).readonly(),
    env: z.record(z.string(), z.string()),
    priority: z.int(),
    attempt: z.int().min(0).meta({ description: "The last attempt's number, 0 before the first" }),
    maxRetries: z.int().min(0),
    retryDelayMs: z.int().min(0),
    retryBackoff: z.enum(["fixed", "exponential"]),
    timeoutMs: z.int().nullable(),
    onLost: z.enum(["retry", "fail"]),
    allowFailure: z.boolean(),
    superseded: z
      .boolean()
      .meta({ description: "As its stage: kept as history, and another step may have its id" }),
    createdAt: timeSchema,
    durationMs: z.int().min(0).nullable(),
    ...ending,
  })
  .meta({ id: "Step", description: "One process of a stage" });

/** A step with its attempts, oldest first, and the last one's output. */
export const stepDetailSchema = stepSchema
  .extend({ attempts: z.array(attemptSchema), ...stepOutputSchema.shape })
  .meta({ id: "StepDetail", description: "A step, its attempts, and the last one's output" });

/** The fields of a step. */
export const stepFieldsSchema = z
  .object({
    stepId: z.string(),
    stepName: z.string(),
    stageName: z.string(),
    status: z.enum(stepStatuses),
    fields: jsonObjectSchema,
    completedAt: timeSchema.nullable(),
  })
  .meta({ id: "StepFields", description: "What a step posted for others to read" });

/** A step, its attempts, and the last one's output. */
export type StepDetail = z.infer<typeof stepDetailSchema>;

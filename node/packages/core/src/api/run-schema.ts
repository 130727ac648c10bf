import * as z from "zod";
import { jsonSchema } from "../json-schema.js";
import { runStatuses, stageStatuses } from "../states.js";
import { problemSchema } from "./problem-schema.js";
import { timeSchema } from "./values.js";

const count = z.int().min(0);

/** How many steps are in each state. */
export const stepCountsSchema = z
  .object({
    pending: count,
    running: count,
    completed: count,
    failed: count,
    cancelled: count,
    aborted: count,
  })
  .meta({ id: "StepCounts", description: "How many steps are in each state" });

/** A stage, with counts of its steps. */
export const stageSchema = z
  .object({
    name: z.string(),
    status: z.enum(stageStatuses),
    final: z.boolean(),
    failFast: z.boolean(),
    recover: z.boolean(),
    maxParallel: z.int().nullable(),
    superseded: z
      .boolean()
      .meta({ description: "Scheduled by a failure callback that a retry made void: kept as history" }),
    createdAt: timeSchema,
    startedAt: timeSchema.nullable(),
    completedAt: timeSchema.nullable(),
    counts: stepCountsSchema,
  })
  .meta({ id: "Stage", description: "A named batch of steps of a run" });

/** A run without its stages. */
export const runSchema = z
  .object({
    id: z.string().meta({ description: "A UUID" }),
    flowName: z.string(),
    status: z.enum(runStatuses),
    input: jsonSchema,
    output: jsonSchema,
    error: problemSchema.nullable(),
    metadata: jsonSchema,
    createdAt: timeSchema,
    startedAt: timeSchema.nullable(),
    completedAt: timeSchema.nullable(),
    durationMs: z.int().min(0).nullable().meta({ description: "From start to end, or to now while it runs" }),
    name: z.string().nullable(),
    description: z.string().nullable(),
    flowTitle: z.string().nullable(),
    terminationReason: z.string().nullable().meta({ description: "Why it ended otherwise than completed" }),
    priority: z.int(),
    timeoutMs: z.int().nullable(),
    parentRunId: z.string().nullable(),
    retryOf: z.string().nullable(),
  })
  .meta({ id: "Run", description: "One execution of a flow" });

/** A run with its stages, in the order in which they were scheduled. */
export const runWithStagesSchema = runSchema
  .extend({ stages: z.array(stageSchema) })
  .meta({ id: "RunWithStages", description: "A run and its stages" });

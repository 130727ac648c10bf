import * as z from "zod";
import { jsonObjectSchema } from "../json-schema.js";
import { stepStatuses } from "../states.js";
import { artifactEntrySchema, runLogSchema } from "./data-schema.js";
import { flowSchema, workerSchema } from "./host-schema.js";
import { runSchema, runWithStagesSchema, stageSchema } from "./run-schema.js";
import { stepFieldsSchema, stepSchema } from "./step-schema.js";

/** Where a page stands in its list. */
export const paginationSchema = z
  .object({
    total: z.int().min(0),
    limit: z.int().min(0),
    offset: z.int().min(0),
    nextCursor: z.string().nullable().meta({ description: "`cursor` of the next page; null on the last" }),
    totalIsEstimate: z
      .boolean()
      .optional()
      .meta({ description: "`total` is exact to 1,000 and an estimate beyond" }),
  })
  .meta({ id: "Pagination", description: "Where a page stands in its list" });

/** A page of a list. */
function listOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), pagination: paginationSchema });
}

/** A page of runs. */
export const runListSchema = listOf(runSchema).meta({ id: "RunList" });
/** A page of steps. */
export const stepListSchema = listOf(stepSchema).meta({ id: "StepList" });
/** All stages of a run. */
export const stageListSchema = listOf(stageSchema).meta({ id: "StageList" });
/** A page of artifacts, without their data. */
export const artifactListSchema = listOf(artifactEntrySchema).meta({ id: "ArtifactList" });
/** All workers. */
export const workerListSchema = listOf(workerSchema).meta({ id: "WorkerList" });
/** All flows. */
export const flowListSchema = listOf(flowSchema).meta({ id: "FlowList" });

/** Answer to retry and resume. */
export const actionAnswerSchema = z
  .object({ run: runWithStagesSchema, message: z.string() })
  .meta({ id: "ActionAnswer", description: "What became of the run" });

/** Answer to abort and pause. */
export const killAnswerSchema = actionAnswerSchema
  .extend({
    processesKilled: z.int().min(0).meta({
      description:
        "How many scripts ran and were told to end, each with all processes that it had started; 0 for pause: what runs finishes",
    }),
  })
  .meta({ id: "KillAnswer", description: "What became of the run and its processes" });

/** Answer to the retry of a step. */
export const stepRetryAnswerSchema = z
  .object({ step: stepSchema, cascadedSteps: z.array(z.string()), message: z.string() })
  .meta({ id: "StepRetryAnswer", description: "The step and the ids of those reset with it" });

/** Answer to a scheduled stage. */
export const scheduledStageSchema = z
  .object({
    stage: z.string(),
    scheduled: z
      .int()
      .min(0)
      .meta({ description: "How many steps this request scheduled; 0 if it was a repeat" }),
    steps: z.array(z.object({ id: z.string(), name: z.string(), status: z.enum(stepStatuses) })),
  })
  .meta({ id: "ScheduledStage", description: "The stage and its steps" });

/** Answer to posted fields: all that the step now has. */
export const fieldsAnswerSchema = z
  .object({ id: z.string(), runId: z.string(), fields: jsonObjectSchema })
  .meta({ id: "FieldsAnswer", description: "All fields of the step" });

/** Answer to the query of fields. */
export const fieldsListSchema = z.object({ fields: z.array(stepFieldsSchema) }).meta({ id: "FieldsList" });

/** Answer to the query of logs, newest first. */
export const logsListSchema = z
  .object({
    logs: z.array(runLogSchema),
    count: z.int().min(0).meta({ description: "How many lines this page has" }),
    nextCursor: z.string().nullable().meta({ description: "`cursor` of the next page; null on the last" }),
  })
  .meta({ id: "LogsList", description: "Lines of a run's log" });

/** Where a page stands in its list. */
export type Pagination = z.infer<typeof paginationSchema>;

import * as z from "zod";
import { logEntityTypes, logLevels } from "../entities.js";
import { isRunId, stageNamePattern, stepNamePattern } from "../names.js";
import { runStatuses, stepStatuses } from "../states.js";
import { strictObject } from "../strict-object.js";
import { flagText, listText, numberText, wordsText } from "./query-values.js";
import { maxInt32 } from "../max-int32.js";
import { textSchema } from "./values.js";

// Queries come as one text a name; what is read has numbers, flags and lists. Unknown names are refused.
const page = (fallback: number, most: number) => ({
  limit: numberText(1, most, { default: fallback, description: "How many at most" })
    .optional()
    .transform((limit) => limit ?? fallback),
  offset: numberText(0, maxInt32, { default: 0, description: "How many to pass over" }).optional(),
  cursor: z
    .string()
    .min(1)
    .max(1000)
    .optional()
    .meta({ description: "`nextCursor` of the page before; in place of `offset`" }),
});

const oneStart = (query: {
  readonly offset?: number | undefined;
  readonly cursor?: string | undefined;
}): boolean => query.offset === undefined || query.cursor === undefined;
const oneStartOnly = { error: "has both `offset` and `cursor`: give one of them" };

const time = (description: string) =>
  numberText(0, Number.MAX_SAFE_INTEGER, { description, format: "int64" });

/** `GET /runs`. Filters on metadata are taken out first: see `splitMetadataFilters`. */
export const listRunsQuerySchema = strictObject({
  flowName: z.string().max(128).optional(),
  status: wordsText(runStatuses).optional(),
  createdAfter: time("Created after this time, epoch ms").optional(),
  createdBefore: time("Created before this time, epoch ms").optional(),
  parentRunId: z.string().refine(isRunId, { error: "is not the id of a run" }).optional(),
  ...page(50, 100),
  sortBy: z.enum(["createdAt", "startedAt", "completedAt"]).optional(),
  sortOrder: z.enum(["asc", "desc"]).optional(),
}).refine(oneStart, oneStartOnly);

/** `GET /runs/{runId}`. `wait` are seconds to wait for a change of state. */
export const getRunQuerySchema = strictObject({
  wait: numberText(0, 60, { description: "Seconds to wait for a change of the run's status" }).optional(),
});

/** `GET /runs/{runId}/events`. */
export const runEventsQuerySchema = strictObject({
  follow: flagText
    .optional()
    .meta({ description: "`false` ends with what there is now; default: when the run is over" }),
});

/** `POST /runs/{runId}/retry`. */
export const retryRunQuerySchema = strictObject({
  mode: z
    .enum(["same", "new"])
    .optional()
    .meta({ description: "`same` (default): the run goes on; `new`: a new run of the same flow and input" }),
});

/** `GET /runs/{runId}/steps`. */
export const listStepsQuerySchema = strictObject({
  stage: z.string().regex(stageNamePattern, { error: "is not a stage's name" }).optional(),
  status: wordsText(stepStatuses).optional(),
  name: z.string().regex(stepNamePattern, { error: "is not a step's name" }).optional(),
  ...page(50, 1000),
}).refine(oneStart, oneStartOnly);

/** `POST /runs/{runId}/steps/{stepId}/retry`. */
export const retryStepQuerySchema = strictObject({
  cascade: flagText.optional(),
});

/** `GET /runs/{runId}/steps/{stepId}/output`. */
export const stepOutputQuerySchema = strictObject({
  stream: z.enum(["stdout", "stderr"]).optional().meta({ description: "Default `stdout`" }),
  attempt: numberText(1, maxInt32, { description: "Default: the last" }).optional(),
  follow: flagText.optional(),
});

/** `GET /runs/{runId}/fields`. */
export const listFieldsQuerySchema = strictObject({
  stepId: listText.optional(),
  fieldName: textSchema(255).optional(),
});

/** `GET /runs/{runId}/artifacts`. */
export const listArtifactsQuerySchema = strictObject(page(50, 1000)).refine(oneStart, oneStartOnly);

/** `GET /runs/{runId}/logs`. */
export const listLogsQuerySchema = strictObject({
  level: z.enum(logLevels).optional(),
  entityType: z.enum(logEntityTypes).optional(),
  entityId: textSchema(1000).optional(),
  ...page(100, 1000),
}).refine(oneStart, oneStartOnly);

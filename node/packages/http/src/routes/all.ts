import { deleteArtifact, getArtifact, listArtifacts, putArtifact } from "./data/artifacts.js";
import { listFields, postFields } from "./data/fields.js";
import { appendLog, listLogs } from "./data/logs.js";
import { getFlow, listFlows } from "./flows/flows.js";
import type { Route } from "./route.js";
import { abortRun } from "./runs/abort.js";
import { deleteRun, patchRun } from "./runs/change.js";
import { pauseRun, resumeRun, retryRun } from "./runs/control.js";
import { createRun, createRunOfFlow } from "./runs/create.js";
import { runEvents } from "./runs/events.js";
import { getRun, listRuns } from "./runs/read.js";
import { healthz, readyz } from "./server/health.js";
import { metrics } from "./server/metrics.js";
import { openapiDocument } from "./server/openapi.js";
import { prune } from "./server/prune.js";
import { listWorkers } from "./server/workers.js";
import { stepOutput } from "./steps/output.js";
import { getStep, listFlowCalls, listStages, listSteps } from "./steps/read.js";
import { retryStep } from "./steps/retry.js";
import { scheduleStage } from "./steps/schedule.js";

/** Every route of the API. The router, the 405 answers and the OpenAPI document are made of this. */
export const allRoutes: readonly Route[] = [
  ...[listFlows, getFlow, createRunOfFlow],
  ...[createRun, listRuns, getRun, patchRun, deleteRun],
  ...[abortRun, retryRun, pauseRun, resumeRun, runEvents],
  ...[scheduleStage, listSteps, listStages, listFlowCalls, getStep, retryStep, stepOutput],
  ...[postFields, listFields, putArtifact, listArtifacts, getArtifact, deleteArtifact, appendLog, listLogs],
  ...[listWorkers, prune, healthz, readyz, metrics, openapiDocument],
];

/** What a process answers that is watched and asked for nothing else. */
export const watchRoutes: readonly Route[] = [healthz, readyz, metrics];

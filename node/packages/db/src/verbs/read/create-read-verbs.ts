import type { Worker } from "@maxq/core";
import type { Driver } from "../../driver.js";
import type { Store } from "../../store/store.js";
import type { RecentInputs } from "../run/recent-inputs.js";
import { readCensus } from "./census.js";
import { noOutput, readAttempts, readOutput } from "./attempts.js";
import { readEvents } from "./events.js";
import { readRun } from "./read-run.js";
import { listRuns, readRunInput } from "./runs.js";
import { listStages } from "./stages.js";
import { findStepKey, readSteps } from "./read-step.js";
import { listFlowCalls, listSteps } from "./steps.js";

/** The verbs that change nothing. */
export type ReadVerbs = Pick<
  Store,
  | "getRun"
  | "listRuns"
  | "runInput"
  | "listStages"
  | "listSteps"
  | "listFlowCalls"
  | "getStep"
  | "stepOutput"
  | "readEvents"
  | "listWorkers"
  | "census"
>;

/** What is read about runs and workers. */
export function createReadVerbs(driver: Driver, inputs: RecentInputs): ReadVerbs {
  return {
    getRun: (runId) => readRun(driver, runId),
    listRuns: (filter, page) => listRuns(driver, filter, page),
    runInput: async (runId) => inputs.take(runId) ?? readRunInput(driver, runId),
    listStages: (runId) => listStages(driver, runId),
    listSteps: (runId, filter, page) => listSteps(driver, runId, filter, page),
    listFlowCalls: (runId) => listFlowCalls(driver, runId),
    getStep: (runId, stepId) => getStep(driver, runId, stepId),
    stepOutput: async (runId, stepId, attempt) => {
      const found = await findStepKey(driver, runId, stepId);
      return found === null ? null : readOutput(driver, found.key, attempt);
    },
    readEvents: (runId, afterId, limit) => readEvents(driver, runId, afterId, limit),
    listWorkers: () => driver.all<Worker>("read.workers"),
    census: () => readCensus(driver),
  };
}

async function getStep(driver: Driver, runId: string, stepId: string): ReturnType<Store["getStep"]> {
  const found = await findStepKey(driver, runId, stepId);
  if (found === null) return null;
  const [step] = await readSteps(driver, [found.key]);
  if (step === undefined) return null;
  const [attempts, output] = await Promise.all([
    readAttempts(driver, found.key, step),
    readOutput(driver, found.key, step.attempt),
  ]);
  return { step, attempts, output: output ?? noOutput, key: found.key };
}

import type { Driver } from "../../driver.js";
import type { Store } from "../../store/store.js";
import { deleteArtifact, getArtifact, listArtifacts, putArtifact } from "./artifacts.js";
import { attemptState } from "./caller.js";
import { deleteRun } from "./delete-run.js";
import { listFields, mergeFields } from "./fields.js";
import { appendLog, listLogs } from "./logs.js";
import { patchRun } from "./patch-run.js";

/** What scripts and people leave on a run, and its deletion. */
export type DataVerbs = Pick<
  Store,
  | "mergeFields"
  | "listFields"
  | "putArtifact"
  | "getArtifact"
  | "listArtifacts"
  | "deleteArtifact"
  | "appendLog"
  | "listLogs"
  | "attemptState"
  | "patchRun"
  | "deleteRun"
>;

/** Each is one transaction; see `DataStore` and `RunStore` for what they promise. */
export function createDataVerbs(driver: Driver): DataVerbs {
  return {
    mergeFields: (...args) => mergeFields(driver, ...args),
    listFields: (...args) => listFields(driver, ...args),
    putArtifact: (...args) => putArtifact(driver, ...args),
    getArtifact: (runId, name) => getArtifact(driver, runId, name),
    listArtifacts: (runId, page) => listArtifacts(driver, runId, page),
    deleteArtifact: (runId, name, caller) => deleteArtifact(driver, runId, name, caller),
    appendLog: (...args) => appendLog(driver, ...args),
    listLogs: (runId, filter, page) => listLogs(driver, runId, filter, page),
    attemptState: (caller) => attemptState(driver, caller),
    patchRun: (...args) => patchRun(driver, ...args),
    deleteRun: (runId) => deleteRun(driver, runId),
  };
}

export { createScriptRunner } from "./runner/create.js";
export { defaults as scriptRunnerDefaults, type ScriptRunnerOptions } from "./runner/options.js";
export { FlowDirectory, type StepProblem } from "./flows/directory.js";
export { locateScript, type ScriptLocation, type ScriptProblem } from "./flows/resolve.js";
export { parseOutputFields, type OutputFields } from "./output/fields.js";
export { nativeLauncherPath, type LauncherChoice, type LauncherFiles } from "./launcher/locate.js";
export type { ExecutorLogger } from "./logger.js";
export { killRemains, outlivesItsEngine } from "./remains/kill-remains.js";
export { ownerMark, type OwnerProcess } from "./remains/owner.js";

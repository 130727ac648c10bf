import type { ScriptRunner } from "@maxq/core";
import { sharedEnvironment } from "../environment.js";
import { InputFiles } from "../files/input-files.js";
import { openWorkDirectory } from "../files/work-directory.js";
import { FlowDirectory } from "../flows/directory.js";
import { launcherCommands } from "../launcher/locate.js";
import { LauncherService } from "../launcher/service.js";
import { silentLogger } from "../logger.js";
import { ownerMark } from "../remains/owner.js";
import { defaults, type ScriptRunnerOptions } from "./options.js";
import { LaunchingScriptRunner } from "./script-runner.js";

/**
 * Makes a script runner and starts its launcher. Throws if the work directory cannot be made, or if no launcher
 * of the wanted kind works. The caller must `close` it: until then it owns processes.
 */
export async function createScriptRunner(options: ScriptRunnerOptions): Promise<ScriptRunner> {
  const shared = sharedEnvironment({
    baseEnv: options.baseEnv,
    hideEnv: options.hideEnv ?? [],
    hidePgEnv: options.hidePgEnv ?? false,
  });
  const commands = launcherCommands(options.launcher ?? "auto", options.launcherFiles);
  const service = await LauncherService.start(commands, {
    baseEnv: shared,
    owner: options.owner === undefined ? null : ownerMark(options.owner),
    logger: options.logger ?? silentLogger,
  });
  const work = await openWorkDirectory(options.workDir).catch(async (error: unknown) => {
    await service.close();
    throw error;
  });
  const flows = new FlowDirectory(options.flowsRoot);
  const inputs = new InputFiles(work.inputs, options.loadInput);
  return new LaunchingScriptRunner(flows, work, inputs, service, {
    maxLogCapture: options.maxLogCapture ?? defaults.maxLogCapture,
    maxFlowOutput: options.maxFlowOutput ?? defaults.maxFlowOutput,
    maxOutputFile: options.maxOutputFile ?? defaults.maxOutputFile,
    timeoutGraceMs: options.timeoutGraceMs ?? defaults.timeoutGraceMs,
  });
}

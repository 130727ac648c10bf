import { resolve } from "node:path";
import type { ScriptRunner } from "@maxq/core";
import { sharedEnvironment } from "../environment.js";
import { InputFiles } from "../files/input-files.js";
import { openWorkDirectory } from "../files/work-directory.js";
import { FlowDirectory } from "../flows/directory.js";
import { inheritLauncher } from "../launcher/inherit.js";
import type { LauncherSurroundings } from "../launcher/launched.js";
import { launcherCommands } from "../launcher/locate.js";
import { LauncherService } from "../launcher/service.js";
import { type ExecutorLogger, silentLogger } from "../logger.js";
import { killRemains } from "../remains/kill-remains.js";
import { defaults, type ScriptRunnerOptions } from "./options.js";
import { LaunchingScriptRunner } from "./script-runner.js";

/**
 * Makes a script runner, with the launcher that a predecessor left if there is one, else with a new one. Throws if the work directory cannot be made, or if no
 * launcher of the wanted kind works. The caller must `close` it: until then it owns processes.
 */
export async function createScriptRunner(options: ScriptRunnerOptions): Promise<ScriptRunner> {
  const surroundings = surroundingsOf(options);
  const commands = launcherCommands(options.launcher ?? "auto", options.launcherFiles);
  const marks = options.predecessors ?? [];
  const client = marks.length === 0 ? null : await inheritLauncher(options, surroundings);
  if (client === null) for (const mark of marks) await clear(mark, surroundings.logger);
  // Before a launcher starts: its socket is here.
  const { logger } = surroundings;
  const work = await openWorkDirectory(options.workDir, client !== null, logger).catch(
    async (error: unknown) => {
      await client?.leave();
      throw error;
    },
  );
  const service =
    client === null
      ? await LauncherService.start(commands, surroundings)
      : LauncherService.inherit(commands, { ...surroundings, owner: client.owner }, client);
  const runner = new LaunchingScriptRunner(
    new FlowDirectory(options.flowsRoot),
    work,
    new InputFiles(work.inputs, options.loadInput),
    service,
    {
      maxLogCapture: options.maxLogCapture ?? defaults.maxLogCapture,
      maxFlowOutput: options.maxFlowOutput ?? defaults.maxFlowOutput,
      maxOutputFile: options.maxOutputFile ?? defaults.maxOutputFile,
      timeoutGraceMs: options.timeoutGraceMs ?? defaults.timeoutGraceMs,
    },
  );
  if (client !== null) runner.inherit(client, surroundings.owner);
  return runner;
}

function surroundingsOf(options: ScriptRunnerOptions): LauncherSurroundings {
  return {
    baseEnv: sharedEnvironment({
      baseEnv: options.baseEnv,
      hideEnv: options.hideEnv ?? [],
      hidePgEnv: options.hidePgEnv ?? false,
    }),
    owner: options.mark ?? null,
    place: options.outlives ? resolve(options.workDir) : null,
    logger: options.logger ?? silentLogger,
    restarted: options.onLauncherRestart ?? (() => undefined),
  };
}

async function clear(mark: string, logger: ExecutorLogger): Promise<void> {
  if (await killRemains(mark)) return;
  logger.warn(
    "Some processes that a dead worker of this host left could not be ended: look for MAXQ_MARK in the environment of processes, as root.",
    { mark },
  );
}

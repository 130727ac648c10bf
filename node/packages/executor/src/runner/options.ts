import type { LauncherChoice, LauncherFiles } from "../launcher/locate.js";
import type { ExecutorLogger } from "../logger.js";

/** What a script runner is made of. */
export interface ScriptRunnerOptions {
  /** The directory whose subdirectories are flows. */
  readonly flowsRoot: string;
  /** For input and output files; created for this user only, and used by one runner at a time. */
  readonly workDir: string;
  /** The server's environment; what scripts see of it is decided in `environment.ts`. */
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  /** Names of variables that scripts must not see. */
  readonly hideEnv?: readonly string[];
  /** Hides `PG*`, too: MaxQ connects by them. */
  readonly hidePgEnv?: boolean;
  /** Bytes kept of each stream of a step, and of a flow call's stderr. */
  readonly maxLogCapture?: number;
  /** Bytes kept of a flow call's stdout, which may be the stage document. */
  readonly maxFlowOutput?: number;
  /** Bytes read of `$MAXQ_OUTPUT`. */
  readonly maxOutputFile?: number;
  /** Time from SIGTERM to SIGKILL after a timeout, in ms. */
  readonly timeoutGraceMs?: number;
  /** The JSON text of a run's input; called once a run, when its first script starts. */
  readonly loadInput: (runId: string) => Promise<string>;
  /** The name of this process (see `ownerMark`): when it has died, `killRemains` finds by it what it left. Null: nobody will look. */
  readonly mark?: string | null;
  /** Whether the native launcher goes on without this process if that dies, until its deadline, for a successor with the same `workDir`. */
  readonly outlives?: boolean;
  /** The marks of dead predecessors with the same `workDir`, one of whose launchers may live: what it runs is inherited then. */
  readonly predecessors?: readonly string[];
  readonly launcher?: LauncherChoice;
  readonly launcherFiles?: LauncherFiles;
  readonly logger?: ExecutorLogger;
  /** Called each time that another launcher is started in the place of one that died. */
  readonly onLauncherRestart?: () => void;
}

/** What is used where an option is not given. */
export const defaults = {
  maxLogCapture: 8192,
  maxFlowOutput: 1024 * 1024,
  maxOutputFile: 1024 * 1024,
  timeoutGraceMs: 5000,
} as const;

import type { ExecutorLogger } from "../logger.js";
import type { ExitReport } from "./frames.js";

/** What a launcher is asked to start. Strings hold no NUL, but `env`, which is `NAME=value\0…`. */
export interface LaunchRequest {
  readonly path: string;
  readonly cwd: string;
  readonly outputPath: string;
  readonly attemptKey: string;
  readonly env: string;
  readonly stdoutCap: number;
  readonly stderrCap: number;
  /** See `ScriptStart.bound`; 0: none. */
  readonly bound: number;
}

/** Who is told what becomes of a launched script: exactly one of `notStarted`, `exited`, `lost`, `unavailable`, once. */
export interface LaunchListener {
  started(): void;
  notStarted(errno: number, stage: number): void;
  /** `offset`: bytes of the stream before this chunk; see `output` in `frames.ts`. */
  output(stream: "stdout" | "stderr", offset: number, chunk: Buffer): void;
  /** The buffers in the report are only valid during the call. */
  exited(report: ExitReport): void;
  lost(message: string): void;
  /** The launcher never worked, so nothing was started. */
  unavailable(message: string): void;
}

/** What all launchers of a runner have in common. */
export interface LauncherSurroundings {
  /** `NAME=value`, for all scripts. */
  readonly baseEnv: readonly string[];
  /** See `ownerMark`; null: nobody will look for what is left when this process dies. */
  readonly owner: string | null;
  /** The directory in which a successor of this process finds the launcher; null: it ends with this process. */
  readonly place: string | null;
  readonly logger: ExecutorLogger;
  /** A launcher is started in the place of one that died. */
  readonly restarted: () => void;
}

/** Of an attempt that nobody wants: only its end counts. */
export function unwanted(ended: () => void): LaunchListener {
  const nothing = () => {};
  return {
    started: nothing,
    notStarted: nothing,
    output: nothing,
    exited: ended,
    lost: nothing,
    unavailable: nothing,
  };
}

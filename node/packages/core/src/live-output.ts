import type { StepOutput } from "./entities.js";
import type { OutputListener } from "./script.js";

/** Live output of scripts that run in this process; `scheduler` implements it, `http` streams it. */
export interface LiveOutput {
  /**
   * Calls `onChunk` with the output of the attempt that runs, from its beginning, as far as it is kept, and then as it is written; calls `onEnd` when the script
   * has ended and all was told. Null if no script of that step runs here: it may have ended, and be about to be recorded. Returns how to stop.
   */
  follow(runId: string, stepId: string, onChunk: OutputListener, onEnd: () => void): (() => void) | null;
  /** What the attempt that runs has printed until now, within the bounds of what is captured; null as for `follow`. Does not reject. */
  soFar(runId: string, stepId: string): Promise<StepOutput | null>;
}

/** A token for one attempt and the base URL that carries it. */
export interface ScriptAccess {
  /** Value of MAXQ_API. */
  readonly api: string;
  /** Value of MAXQ_API_KEY. */
  readonly apiKey: string;
}

/** Makes what a script needs to reach the API. `attempt.key` is the step row's. */
export type IssueAccess = (
  runId: string,
  attempt: { readonly key: number; readonly attempt: number },
) => ScriptAccess;

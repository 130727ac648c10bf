/** Live output of scripts that run in this process; `scheduler` implements it, `http` streams it. */
export interface LiveOutput {
  /** Calls `onChunk` with what the script writes from now on and `onEnd` when it has ended; null if that step does not run here. Returns how to stop. */
  follow(
    runId: string,
    stepId: string,
    onChunk: (stream: "stdout" | "stderr", chunk: Buffer) => void,
    onEnd: () => void,
  ): (() => void) | null;
}

/** A token for one attempt and the base URL that carries it. */
export interface ScriptAccess {
  /** Value of MAXQ_API. */
  readonly api: string;
  /** Value of MAXQ_API_KEY. */
  readonly apiKey: string;
}

import { ApiError } from "./answer.js";
import { isAborted, isFinal, pause } from "./reconnect.js";
import { SentAgain } from "./sent-again.js";
import { stepPath, type OutputQuery } from "./steps.js";
import type { Transport } from "./transport.js";

/** Whose output to follow. Without `attempt`, where the connection breaks off, another attempt may be gone on with. */
export interface FollowOutputOptions extends Omit<OutputQuery, "follow"> {
  /** How often in a row to connect again when the stream breaks off; default 10, a second apart. */
  readonly reconnects?: number;
}

/**
 * Follows what an attempt prints to its end, over broken connections, without a gap or a repeat. Ends silently when the signal aborts; throws `ApiError` when the
 * server refuses, or does not answer any more.
 */
export type FollowOutput = (
  runId: string,
  stepId: string,
  options?: FollowOutputOptions,
) => AsyncGenerator<Uint8Array, void>;

export function followOutput({ stream }: Transport): FollowOutput {
  return async function* (runId, stepId, { signal, reconnects = 10, ...which } = {}) {
    const path = `${stepPath(runId, stepId)}/output`;
    const text = new SentAgain();
    for (let failures = 0; !isAborted(signal);) {
      const answer = await stream({ method: "GET", path, query: { ...which, follow: true }, signal });
      if (isAborted(signal)) return;
      if (answer.reason === "ok") {
        failures = 0;
        text.begin();
        try {
          for await (const chunk of answer.value) yield* text.take(chunk);
          yield* text.end();
          return;
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
        }
      } else if (isFinal(answer) || failures++ >= reconnects) throw new ApiError(answer);
      await pause(signal);
    }
  };
}

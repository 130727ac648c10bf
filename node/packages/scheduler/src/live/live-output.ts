import type { LiveOutput, ScriptProcess } from "@maxq/core";
import type { Holdings } from "../dispatch/holdings.js";
import { storedOutput } from "../task/stored-output.js";

/** Output of the scripts that run here, as they write it. `capBytes` bounds the text of each stream where it is had as a whole. */
export function liveOutput(holdings: Holdings, capBytes: number): LiveOutput {
  const processOf = (runId: string, stepId: string): ScriptProcess | null => {
    const held = [...holdings.running.values()].find(
      ({ task, waits }) => !waits && task.runId === runId && task.id === stepId,
    );
    return held?.process ?? null;
  };
  return {
    follow(runId, stepId, onChunk, onEnd) {
      const process = processOf(runId, stepId);
      const stop = process?.follow(onChunk) ?? null;
      if (process === null || stop === null) return null;
      let following = true;
      void process.ended.then(() => {
        if (following) onEnd();
        following = false;
      });
      return () => {
        following = false;
        stop();
      };
    },
    async soFar(runId, stepId) {
      const output = await processOf(runId, stepId)?.soFar(capBytes);
      return output == null ? null : storedOutput(output, capBytes);
    },
  };
}

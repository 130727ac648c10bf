import type { LiveOutput } from "@maxq/core";
import type { Holdings } from "../dispatch/holdings.js";

/** Output of the scripts that run here, as they write it. */
export function liveOutput(holdings: Holdings): LiveOutput {
  return {
    follow(runId, stepId, onChunk, onEnd) {
      const held = [...holdings.running.values()].find(
        ({ task, waits }) => !waits && task.runId === runId && task.id === stepId,
      );
      const process = held?.process ?? null;
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
  };
}

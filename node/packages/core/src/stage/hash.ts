import { createHash } from "node:crypto";
import { canonicalJson } from "../json.js";
import type { StageDocument } from "./document.js";

/**
 * SHA-256 of what the document asks for: defaults filled in, the order of keys irrelevant, the order of steps and dependencies not.
 * Stored with the stage and compared when it is asked for again: a change here makes repeats of running flows look like conflicts.
 */
export function hashStage(document: StageDocument): string {
  const hash = createHash("sha256");
  hash.update(
    canonicalJson([
      document.stage,
      document.final ?? false,
      document.failFast ?? true,
      document.recover ?? false,
      document.maxParallel ?? null,
      // Wrapped, because no output and the output null are two things.
      document.output === undefined ? null : [document.output],
    ]),
  );
  for (const step of document.steps) {
    hash.update("\n");
    hash.update(
      JSON.stringify([
        step.id ?? null,
        step.name,
        step.instances ?? 1,
        [...new Set(step.dependsOn)],
        Object.entries(step.env ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)),
        step.maxRetries ?? 0,
        step.retryDelayMs ?? 0,
        step.retryBackoff ?? "fixed",
        step.timeoutMs ?? null,
        step.priority ?? null,
        step.onLost ?? "retry",
        step.allowFailure ?? false,
      ]),
    );
  }
  return hash.digest("hex");
}

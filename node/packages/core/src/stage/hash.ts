import { createHash } from "node:crypto";
import { canonicalJson } from "../json.js";
import type { StageDocument, StepEntry } from "./document.js";

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
  const lines: string[] = [];
  for (const step of document.steps) {
    lines.push(stepLine(step));
    // Fewer, larger pieces: a call for each of 100,000 steps costs more than the hashing.
    if (lines.length === 1000) hash.update(`\n${lines.splice(0).join("\n")}`);
  }
  hash.update(`\n${lines.join("\n")}`);
  return hash.digest("hex");
}

function stepLine(step: StepEntry): string {
  const env = Object.entries(step.env ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([
    step.id ?? null,
    step.name,
    step.instances ?? 1,
    [...new Set(step.dependsOn)],
    env,
    step.maxRetries ?? 0,
    step.retryDelayMs ?? 0,
    step.retryBackoff ?? "fixed",
    step.timeoutMs ?? null,
    step.priority ?? null,
    step.onLost ?? "retry",
    step.allowFailure ?? false,
  ]);
}

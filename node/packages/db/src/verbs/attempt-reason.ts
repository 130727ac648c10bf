import type { ErrorCode } from "@maxq/core";
import type { Outcome } from "../store/work.js";

/** Why an attempt was handed back: its worker drained, or had not renewed its lease in time. */
export function handBackReason({ killedBy }: Outcome): "drain" | "fenced" {
  return killedBy === "fence" ? "fenced" : "drain";
}

/** Why an attempt failed, in one word, from its problem's code. */
export function attemptReason(
  code: ErrorCode | undefined,
): "timeout" | "worker_lost" | "not_started" | "failed" {
  if (code === "STEP_TIMEOUT") return "timeout";
  if (code === "WORKER_LOST") return "worker_lost";
  return code?.startsWith("SCRIPT_") === true ? "not_started" : "failed";
}

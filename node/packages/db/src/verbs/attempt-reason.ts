import type { ErrorCode } from "@maxq/core";

/** Why an attempt failed, in one word, from its problem's code. */
export function attemptReason(
  code: ErrorCode | undefined,
): "timeout" | "worker_lost" | "not_started" | "failed" {
  if (code === "STEP_TIMEOUT") return "timeout";
  if (code === "WORKER_LOST") return "worker_lost";
  return code?.startsWith("SCRIPT_") === true ? "not_started" : "failed";
}

import type { ScriptEnd } from "@maxq/core";
import type { Outcome } from "@maxq/db";

/**
 * What the way in which a script ended means. What ended it decides, not its exit code alone:
 *
 * | killed by | exit 0 | any other end |
 * |---|---|---|
 * | nobody | success | failure |
 * | abort | aborted | aborted |
 * | timeout | failure | failure |
 * | drain, fence | success | handed_back |
 *
 * What the machine was unable to start is handed back, too: nothing is wrong with the script. As what was withdrawn, it is no attempt and has no outcome in the database.
 * A script that was lost with its launcher is `lost`, unless abort or timeout had been at it before.
 */
export function resultOf({ end, killedBy }: Pick<ScriptEnd, "end" | "killedBy">): Outcome["result"] {
  if (killedBy === "abort") return "aborted";
  if (killedBy === "timeout") return "failure";
  if (end.reason === "lost") return "lost";
  if (end.reason === "unable" || end.reason === "withdrawn") return "handed_back";
  if (end.reason === "exited" && end.exitCode === 0) return "success";
  return killedBy === null ? "failure" : "handed_back";
}

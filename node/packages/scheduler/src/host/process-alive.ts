import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { ProcessIdentity } from "./process-identity.js";
import { ownBootId, startTime } from "./process-identity.js";

/** Whether a process lives; `unknown` if it cannot be told from here (another host, another container, no /proc). */
export type IsProcessAlive = (identity: ProcessIdentity) => boolean | "unknown";

/** Tells it from /proc, for processes of this host and this namespace of process ids. */
export const isProcessAlive: IsProcessAlive = ({ host, bootId, pid, pidStartedAt }) => {
  if (bootId === "" || pidStartedAt === "" || host !== hostname() || bootId !== ownBootId()) return "unknown";
  // Each worker asks this of all others of its host with every heartbeat: one file for each that lives.
  if (startTime(pid) === pidStartedAt) return true;
  return procIsReadable() ? false : "unknown";
};

/** Guards against a hidden /proc (`hidepid`): there every process of another user looks dead, ours never does. */
function procIsReadable(): boolean {
  try {
    return readFileSync("/proc/1/stat", "latin1").length > 0;
  } catch {
    return false;
  }
}

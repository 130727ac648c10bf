import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { killRemains } from "@maxq/executor";
import { isProcessAlive, type ProcessIdentity } from "@maxq/scheduler";
import type { Logger } from "pino";
import type { WorkerPlace } from "./worker-place.js";

/**
 * Ends what the process left running that had this place before, then notes who has it now. Whether the database still counts that process as a worker does not
 * matter: the place's lock, and /proc, say that it is gone. Answers how to leave in order, after which nobody looks for remains.
 */
export async function succeedInPlace(
  { directory }: WorkerPlace,
  self: ProcessIdentity,
  logger: Logger,
): Promise<() => void> {
  const file = join(directory, "owner.json");
  const predecessor = readOwner(file);
  if (predecessor !== null) await clearRemains(predecessor, logger);
  writeFileSync(file, JSON.stringify(self), { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** Ends what a process of this host and boot left running, if it is gone for certain. */
export async function clearRemains(dead: ProcessIdentity, logger: Logger): Promise<void> {
  if (isProcessAlive(dead) !== false) return;
  if (await killRemains(dead)) return;
  logger.warn(
    { pid: dead.pid },
    "Some processes that a dead worker of this host left could not be ended: look for MAXQ_MARK in the environment of processes, as root.",
  );
}

/** Null if there is none: the last one left in order, or was ended before it had started anything. */
function readOwner(file: string): ProcessIdentity | null {
  try {
    const { host, bootId, pid, pidStartedAt } = JSON.parse(readFileSync(file, "utf8")) as ProcessIdentity;
    return typeof host === "string" && typeof bootId === "string" && typeof pid === "number"
      ? { host, bootId, pid, pidStartedAt }
      : null;
  } catch {
    return null;
  }
}

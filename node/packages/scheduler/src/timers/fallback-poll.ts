import type { NextRound } from "../service/periodic.js";

/** What the fallback poll asks and tells. */
export interface PollPorts {
  /** Whether wake-ups arrive. */
  readonly wakeUpsHealthy: () => boolean;
  /** Has anything been claimed or recorded since the last call? */
  readonly wasActive: () => boolean;
  /** There may be work that nobody told of. */
  readonly poll: () => void;
  /** MAXQ_SCHEDULER_INTERVAL_MS. */
  readonly intervalMs: number;
  /** How often while wake-ups arrive and nothing happens. */
  readonly idleMs: number;
}

/** Looks for work that no wake-up told of. While wake-ups can be relied on and nothing happens it leaves that to the heartbeat, whose answer tells: an idle worker costs nothing. */
export function pollOnce(ports: PollPorts): NextRound {
  const quiet = ports.wakeUpsHealthy() && !ports.wasActive();
  if (quiet) return Math.max(ports.intervalMs, ports.idleMs);
  ports.poll();
  return ports.intervalMs;
}

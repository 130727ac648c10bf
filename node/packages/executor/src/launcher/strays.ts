import { setTimeout as sleep } from "node:timers/promises";
import { hasInEnvironment, killProcess, processIds, processOf } from "./processes.js";

/** A process group that a dead launcher had started. */
export interface LostGroup {
  /** 0: not known. */
  readonly pid: number;
  /** When its leader started, in clock ticks since boot. */
  readonly startTicks: number;
}

const ROUNDS = 200;
const ROUND_MS = 10;
/** One look can miss a process that was forked while it went on, by one that ended while it went on. */
const CLEAN_ROUNDS = 2;

/**
 * Kills what a dead launcher's scripts left behind: processes that carry its mark, and members of their sessions
 * that are no older than the script. The mark belongs to a launcher, or to a process that had launchers, so nobody else is ever met.
 * `livingMark`: of another launcher of the same process, that lives. Resolves when none is left, to true, or after two seconds, to false.
 */
export async function killStrays(
  mark: string,
  groups: readonly LostGroup[],
  livingMark: string | null = null,
): Promise<boolean> {
  const sessions = new Map(
    groups.filter(({ pid }) => pid > 0).map(({ pid, startTicks }) => [pid, startTicks]),
  );
  const dying = new Map<number, number>();
  for (let round = 0, clean = 0; round < ROUNDS; round++) {
    const strays = processIds().filter(
      (pid) => isStray(pid, mark, sessions) && (livingMark === null || !hasInEnvironment(pid, livingMark)),
    );
    for (const pid of strays) {
      dying.set(pid, processOf(pid)?.startTicks ?? 0);
      killProcess(pid);
    }
    // One that dies has no environment any more while its memory is taken back, but still its files and ports.
    for (const [pid, since] of dying) if (processOf(pid)?.startTicks !== since) dying.delete(pid);
    clean = strays.length === 0 && dying.size === 0 ? clean + 1 : 0;
    if (clean === CLEAN_ROUNDS) return true;
    if (clean === 0) await sleep(ROUND_MS);
  }
  return false;
}

function isStray(pid: number, mark: string, sessions: ReadonlyMap<number, number>): boolean {
  const found = processOf(pid);
  if (found === null) return false;
  const since = sessions.get(found.session);
  return (since !== undefined && found.startTicks >= since) || hasInEnvironment(pid, mark);
}

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process group that a dead launcher had started. */
export interface LostGroup {
  /** 0: not known. */
  readonly pid: number;
  /** When its leader started, in clock ticks since boot. */
  readonly startTicks: number;
}

const ROUNDS = 200;
const ROUND_MS = 10;

/**
 * Kills what a dead launcher's scripts left behind: processes that carry its mark, and members of their sessions
 * that are no older than the script. The mark is random for each launcher, so nobody else is ever met.
 * Returns when none is left, or after two seconds.
 */
export async function killStrays(mark: string, groups: readonly LostGroup[]): Promise<void> {
  const sessions = new Map(
    groups.filter(({ pid }) => pid > 0).map(({ pid, startTicks }) => [pid, startTicks]),
  );
  for (let round = 0; round < ROUNDS; round++) {
    const strays = processes().filter((pid) => isStray(pid, mark, sessions));
    if (strays.length === 0) return;
    for (const pid of strays) kill(pid);
    await sleep(ROUND_MS);
  }
}

function processes(): number[] {
  try {
    return readdirSync("/proc")
      .map(Number)
      .filter((pid) => pid > 1);
  } catch {
    return []; // no /proc on this system: PDEATHSIG and the launcher itself have to do
  }
}

function isStray(pid: number, mark: string, sessions: ReadonlyMap<number, number>): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state, , , session, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") return false;
    const since = sessions.get(Number(session));
    if (since !== undefined && Number(rest[15]) >= since) return true;
    return `\0${readFileSync(`/proc/${pid}/environ`, "latin1")}`.includes(`\0${mark}`);
  } catch {
    return false; // it ended meanwhile, or belongs to another user
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it ended meanwhile
  }
}

import { readdirSync, readFileSync } from "node:fs";

/** A running process, as `/proc` shows it. */
export interface FoundProcess {
  readonly pid: number;
  readonly session: number;
  /** In clock ticks since boot. */
  readonly startTicks: number;
}

/** All process ids but the first; none where there is no /proc. */
export function processIds(): number[] {
  try {
    return readdirSync("/proc")
      .map(Number)
      .filter((pid) => pid > 1);
  } catch {
    return []; // PDEATHSIG and the launcher itself have to do
  }
}

/** Null if there is none, or if it only waits to be reaped. */
export function processOf(pid: number): FoundProcess | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state, , , session, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X"
      ? null
      : { pid, session: Number(session), startTicks: Number(rest[15]) };
  } catch {
    return null;
  }
}

/** Whether an entry of its environment begins so; false if it ended, or is another user's. */
export function hasInEnvironment(pid: number, beginning: string): boolean {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, "latin1")}`.includes(`\0${beginning}`);
  } catch {
    return false;
  }
}

/** Running processes of which an entry of the environment begins so. */
export function processesWith(beginning: string): number[] {
  return processIds().filter((pid) => hasInEnvironment(pid, beginning) && processOf(pid) !== null);
}

/** SIGKILL; one that ended meanwhile is no error. */
export function killProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // ESRCH: it ended; EPERM: it changed user and is beyond our reach
  }
}

import { readdirSync, readFileSync } from "node:fs";

/** Signals every member of a process group; none left is no error. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // ESRCH: all gone; EPERM: they changed user and are beyond our reach
  }
}

/** Whether no member of the group runs any more. `thoroughly`: nor is there one but zombies, which takes a look at every process of the machine. */
export function groupIsGone(group: number, thoroughly: boolean): boolean {
  try {
    process.kill(-group, 0);
  } catch {
    return true;
  }
  return thoroughly && onlyZombies(group);
}

/** Whether a child whose exit was told is still there, since it was only stopped: one that has exited is reaped before it is told. */
export function isStopped(pid: number): boolean {
  return readState(pid)?.parent === process.pid;
}

/** A container whose first process reaps nobody keeps zombies, and with them the group, for ever. */
function onlyZombies(group: number): boolean {
  let found = false;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const process = readState(Number(pid));
    if (process?.group !== group) continue;
    if (process.state !== "Z") return false;
    found = true;
  }
  return found;
}

/** Null if it has ended. */
function readState(pid: number): { state: string; parent: number; group: number } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const [state = "", parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { state, parent: Number(parent), group: Number(group) };
  } catch {
    return null;
  }
}

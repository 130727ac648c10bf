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

/** A container whose first process reaps nobody keeps zombies, and with them the group, for ever. */
function onlyZombies(group: number): boolean {
  let found = false;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const [state, , memberOf] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (Number(memberOf) !== group) continue;
      if (state !== "Z") return false;
      found = true;
    } catch {
      // it ended meanwhile
    }
  }
  return found;
}

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Whether a process exists and runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== "" && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
}

/** Waits until `check` holds; fails after a minute, which only a loaded machine needs. */
export async function until(what: string, check: () => boolean): Promise<void> {
  const began = performance.now();
  while (!check()) {
    if (performance.now() - began > 60_000) throw new Error(`waited in vain until ${what}`);
    await sleep(3);
  }
}

/** Every running process whose environment has this entry. */
export function processesWith(entry: string): number[] {
  return pids().filter((pid) => isAlive(pid) && `\0${read(`/proc/${pid}/environ`)}`.includes(`\0${entry}\0`));
}

/** The launcher of this test process. */
export function launcherPid(kind: "native" | "node"): number {
  const name = kind === "native" ? "maxq-launcher" : "launcher/node/main";
  const found = pids().filter((pid) => {
    const stat = read(`/proc/${pid}/stat`);
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    return parent === process.pid && read(`/proc/${pid}/cmdline`).includes(name) && isAlive(pid);
  });
  if (found.length !== 1) throw new Error(`expected one ${kind} launcher, found ${found.length}`);
  return found[0]!;
}

/** The most memory that a process ever had resident, in bytes. */
export function peakMemory(pid: number): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))![1]) * 1024;
}

function pids(): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

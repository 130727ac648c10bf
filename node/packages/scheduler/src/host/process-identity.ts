import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** Who a process is on its host: pids are used again, these three together are not. */
export interface ProcessIdentity {
  readonly host: string;
  /**
   * Which boot, and which namespace of process ids: containers of one host share the boot but not the ids.
   * Empty where the system cannot tell; such workers are rescued by their lease alone.
   */
  readonly bootId: string;
  readonly pid: number;
  /** Start time in clock ticks since boot; empty where the system cannot tell. */
  readonly pidStartedAt: string;
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return {
    host: hostname(),
    bootId: ownBootId(),
    pid: process.pid,
    pidStartedAt: startTime(process.pid) ?? "",
  };
}

let bootId = "";

/** See `ProcessIdentity.bootId`. No process outlives a boot or changes its namespace: it is read once. */
export function ownBootId(): string {
  if (bootId === "") bootId = readBootId();
  return bootId;
}

function readBootId(): string {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}/${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return "";
  }
}

/** Start time of a process in clock ticks since boot, null if there is no such process or it is only waiting to be reaped. */
export function startTime(pid: number): string | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return null;
  }
  // The second field is the name in parentheses and may hold spaces: count from its end. State is field 3, start time field 22.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  return state === "Z" || state === "X" ? null : (fields[19] ?? null);
}

import { readdirSync, readFileSync } from "node:fs";

/** CPU time, user and system, in ms. */
export interface CpuTime {
  /** Of the process itself, all its threads. */
  readonly own: number;
  /** Of the children that it has waited for, and theirs. */
  readonly children: number;
}

/** Clock ticks of `/proc/PID/stat` are 10 ms on Linux. */
const TICK_MS = 10;

/** CPU time of a process since its start; 0 of one that is gone. To the ns where the kernel keeps `schedstat`, else to 10 ms. */
export function cpuOf(pid: number): CpuTime {
  const fields = statOf(pid);
  if (fields === null) return { own: 0, children: 0 };
  const threads = list(`/proc/${pid}/task`).map((id) =>
    Number(read(`/proc/${pid}/task/${id}/schedstat`).split(" ")[0]),
  );
  const exact = threads.reduce((sum, ns) => sum + ns, 0) / 1e6;
  const rough = (fields[11]! + fields[12]!) * TICK_MS;
  // Threads that ended are in `stat` alone, which was read before.
  const own = exact > 0 && exact >= rough - 2 * TICK_MS ? exact : rough;
  return { own, children: (fields[13]! + fields[14]!) * TICK_MS };
}

/** The processes that a process has started and that live. */
export function childrenOf(pid: number): number[] {
  return list("/proc")
    .filter((name) => /^\d+$/.test(name) && statOf(Number(name))?.[1] === pid)
    .map(Number);
}

/** Resident memory of a process, in bytes; 0 of one that is gone. `peak`: the most that it ever was. */
export function memoryOf(pid: number, peak = false): number {
  const pattern = peak ? /^VmHWM:\s+(\d+)/m : /^VmRSS:\s+(\d+)/m;
  return Number(pattern.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) * 1024;
}

/** The fields after the name: 0 is the state, 1 the parent, 11 to 14 user and system time of itself and of its children. */
function statOf(pid: number): number[] | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === "") return null;
  return stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .map(Number);
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

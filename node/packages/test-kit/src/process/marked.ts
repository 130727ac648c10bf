import { readdirSync, readFileSync } from "node:fs";
import { MARK_VARIABLE } from "./environment.js";
import { until } from "./wait.js";

/** A process found in `/proc`. */
export interface FoundProcess {
  readonly pid: number;
  readonly commandLine: string;
}

/** Living processes that a marked program started, itself included, whatever became of their parents, groups and sessions. Linux only. */
export function processesMarked(mark: string): readonly FoundProcess[] {
  const wanted = `${MARK_VARIABLE}=${mark}`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && read(name, "environ").split("\0").includes(wanted))
    .map((name) => ({ pid: Number(name), commandLine: read(name, "cmdline").replaceAll("\0", " ").trim() }));
}

/** Waits until nothing that carries the mark lives. Rejects with what does. */
export async function nothingIsLeftOf(mark: string, withinMs = 60_000): Promise<void> {
  try {
    await until("its processes are gone", () => processesMarked(mark).length === 0, withinMs);
  } catch {
    const left = processesMarked(mark).map(({ pid, commandLine }) => `${pid}: ${commandLine}`);
    if (left.length > 0) throw new Error(`Processes were left running:\n${left.join("\n")}`);
  }
}

/** SIGKILL to all that carry the mark. */
export function killMarked(mark: string): void {
  for (const { pid } of processesMarked(mark)) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended meanwhile.
    }
  }
}

// A process that ended meanwhile, or another user's, has nothing to say.
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

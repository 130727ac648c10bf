import { execFileSync } from "node:child_process";
import type { SmallDisk } from "./small-disk.js";

/** Stands in where nothing can be mounted: the processes may not write to any file (EFBIG), which to a program is a disk that is full. */
export function processLimitDisk(directory: string): SmallDisk {
  let limited: readonly number[] = [];
  const limit = (pid: number, bytes: string): void => {
    try {
      execFileSync("prlimit", ["--pid", String(pid), `--fsize=${bytes}:`], { stdio: "pipe" });
    } catch {
      // It ended meanwhile.
    }
  };
  return {
    title: "RLIMIT_FSIZE of 0 on the engine (no tmpfs could be mounted)",
    directory,
    fill(pids) {
      limited = pids;
      for (const pid of pids) limit(pid, "0");
    },
    empty() {
      for (const pid of limited) limit(pid, "unlimited");
    },
    remove: () => undefined,
  };
}

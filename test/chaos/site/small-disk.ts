import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { processLimitDisk } from "./process-limit.js";

/** A data directory whose disk can be filled. */
export interface SmallDisk {
  /** How it is made, for the report. */
  readonly title: string;
  readonly directory: string;
  /** Nothing more can be written to it, until `empty`. `pids` are the processes that use it. */
  fill(pids: readonly number[]): void;
  empty(): void;
  /** Idempotent. */
  remove(): void;
}

const chunk = Buffer.alloc(65_536);

/** A tmpfs where this user may mount one; else a limit that the kernel sets to the size of files. */
export function makeSmallDisk(directory: string): SmallDisk {
  mkdirSync(directory, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=2m", "maxq-chaos", directory], { stdio: "pipe" });
  } catch {
    return processLimitDisk(directory);
  }
  const ballast = join(directory, "ballast");
  return {
    title: "tmpfs of 2 MiB",
    directory,
    fill() {
      const file = openSync(ballast, "a");
      try {
        for (let size = chunk.length; size >= 1;) {
          try {
            writeSync(file, chunk, 0, size);
          } catch {
            size = Math.floor(size / 2);
          }
        }
      } finally {
        closeSync(file);
      }
    },
    empty: () => rmSync(ballast, { force: true }),
    // Lazily: after an interrupt the worker may still be there.
    remove: () => void spawnSync("umount", ["-l", directory]),
  };
}

import { execFileSync } from "node:child_process";
import { statfsSync } from "node:fs";
import { cpus, getPriority, loadavg, release, tmpdir, totalmem } from "node:os";

/** Where and when something was measured. */
export interface Circumstances {
  readonly machine: string;
  readonly commit: string;
  /** `2026-01-31`. */
  readonly date: string;
  /** Of the last minute before the case began: how busy the machine was. */
  readonly load: number;
  /** Null: normal. */
  readonly nice: number | null;
}

/** What is so here and now. */
export function circumstances(): Circumstances {
  const model = cpus()[0]?.model ?? "unknown processor";
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  return {
    machine: `${cpus().length} × ${model}, ${memory}, Linux ${release()}, ${fileSystem()}, Node ${process.version}`,
    commit: commit(),
    date: new Date().toISOString().slice(0, 10),
    load: Number(loadavg()[0]!.toFixed(1)),
    nice: getPriority() === 0 ? null : getPriority(),
  };
}

function commit(): string {
  const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim();
  const changed = git("status", "--porcelain", "--untracked-files=no", "--", "node", "database") !== "";
  return `${git("rev-parse", "--short", "HEAD")}${changed ? ", changed" : ""}`;
}

/** Of the folder of databases: flushing costs nothing where it is kept in memory. */
function fileSystem(): string {
  const names: Readonly<Record<number, string>> = {
    0xef53: "ext4",
    0x58465342: "xfs",
    0x9123683e: "btrfs",
    0x01021994: "tmpfs",
    0x794c7630: "overlayfs",
    0x2fc12fc1: "zfs",
  };
  const { type } = statfsSync(tmpdir());
  return names[type] ?? `file system 0x${type.toString(16)}`;
}

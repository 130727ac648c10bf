import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { killProcess } from "../launcher/processes.js";

const ROUNDS = 200;
const ROUND_MS = 10;
/** So deep the hierarchy is searched for what dead processes left. */
const DEPTH = 12;

/**
 * A control group (v2) that holds a launcher and everything below it, whatever that does to its session, parents and environment. Nothing depends on it: where none
 * can be made there is null, and other means have to do.
 */
export class Cgroup {
  private constructor(private readonly path: string) {}

  /** A new one below this process's own, with this process's child in it, which has started nothing yet. */
  static around(pid: number, name: string): Cgroup | null {
    try {
      const own = pathOf("self");
      if (own === null) return null;
      const group = new Cgroup(join(own, nameOf(name)));
      mkdirSync(group.path);
      try {
        writeFileSync(join(group.path, "cgroup.procs"), String(pid));
        return group;
      } catch {
        group.remove();
        return null;
      }
    } catch {
      return null;
    }
  }

  /** The one that a launcher is in, if it was made for it. */
  static of(pid: number, name: string): Cgroup | null {
    const path = pathOf(String(pid));
    return path !== null && basename(path) === nameOf(name) ? new Cgroup(path) : null;
  }

  /** All whose names begin so, wherever they were made. */
  static beginning(name: string): Cgroup[] {
    return mounts().flatMap(({ point }) =>
      search(point, nameOf(name), DEPTH).map((path) => new Cgroup(path)),
    );
  }

  /** Kills everything in it, and removes it. Answers whether it is empty; not after two seconds. */
  async end(): Promise<boolean> {
    for (let round = 0; round < ROUNDS; round++) {
      const pids = this.#processes();
      if (pids.length === 0) {
        this.remove();
        return true;
      }
      try {
        writeFileSync(join(this.path, "cgroup.kill"), "1");
      } catch {
        for (const pid of pids) killProcess(pid); // a kernel before 5.14
      }
      await sleep(ROUND_MS);
    }
    return false;
  }

  /** One that is not empty stays. */
  remove(): void {
    try {
      rmdirSync(this.path);
    } catch {
      // It is gone, or in use: whoever looks for what this process left will see
    }
  }

  #processes(): number[] {
    try {
      return readFileSync(join(this.path, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
    } catch {
      return [];
    }
  }
}

function nameOf(name: string): string {
  return `maxq-${name}`;
}

interface Mount {
  /** What of the hierarchy is mounted. */
  readonly root: string;
  readonly point: string;
}

function mounts(): Mount[] {
  try {
    return readFileSync("/proc/self/mountinfo", "utf8")
      .split("\n")
      .filter((line) => line.includes(" - cgroup2 "))
      .map((line) => line.split(" "))
      .map(([, , , root = "/", point = ""]) => ({ root, point }));
  } catch {
    return [];
  }
}

/** Null where there is no v2 hierarchy, or the process is outside of what is mounted. */
function pathOf(pid: string): string | null {
  try {
    const own = /^0::(.*)$/m.exec(readFileSync(`/proc/${pid}/cgroup`, "utf8"))?.[1];
    if (own === undefined) return null;
    for (const { root, point } of mounts()) {
      const below = relative(root, own);
      if (!below.startsWith("..")) return join(point, below);
    }
    return null;
  } catch {
    return null;
  }
}

function search(directory: string, beginning: string, depth: number): string[] {
  let names: string[];
  try {
    names = readdirSync(directory, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const path = join(directory, name);
    if (name.startsWith(beginning)) return [path];
    return depth > 0 ? search(path, beginning, depth - 1) : [];
  });
}

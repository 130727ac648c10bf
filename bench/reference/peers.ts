import { afterAllTests, aFolder } from "@maxq/test-kit";
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { engineEnvironment } from "../program/engine.js";
import { timed } from "./timed.js";

/** Something else that runs a script a thousand times. */
export interface Peer {
  readonly title: string;
  /** Runs the script so often, ten at a time, and answers how long that took, in ms. */
  run(times: number): Promise<number>;
  close(): Promise<void>;
}

/** Exact, because another version is another figure. */
const packages = { "graphile-worker": "0.17.3", "pg-boss": "10.4.2" } as const;

/** Installs the queues that are peers in a folder of its own; rejects without a registry. */
export function installQueues(): string {
  const folder = aFolder("peers");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: packages }));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts"], {
    cwd: folder,
    env: engineEnvironment(),
    stdio: "pipe",
  });
  for (const file of ["spawn", "graphile-worker", "pg-boss"])
    copyFileSync(
      fileURLToPath(new URL(`../peers/${file}.mjs`, import.meta.url)),
      join(folder, `${file}.mjs`),
    );
  return folder;
}

/** A queue at work in a process of its own, which stands still between its rounds. */
export async function startQueue(
  name: keyof typeof packages,
  folder: string,
  database: string,
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<Peer> {
  const child = spawn(process.execPath, [join(folder, `${name}.mjs`), database, script], {
    env: { ...engineEnvironment(), BENCH_SCRIPT_ENVIRONMENT: JSON.stringify(env) },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  afterAllTests(() => child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`${name} ended`);
    return value;
  };
  await next();
  child.kill("SIGSTOP");
  return {
    title: `${name} ${packages[name]}`,
    async run(times) {
      child.kill("SIGCONT");
      child.stdin.write(`${times}\n`);
      const took = Number((await next()).split(" ")[1]);
      child.kill("SIGSTOP");
      return took;
    },
    close: () => (child.kill("SIGKILL"), ended),
  };
}

/** GNU make, with a target a start; null where it is not. */
export function make(script: string, env: Readonly<Record<string, string>>): Peer | null {
  const version = versionOf("make", ["--version"]);
  if (version === null) return null;
  const folder = aFolder("make");
  return {
    title: `${version} -j10`,
    run: async (times) => {
      const targets = Array.from({ length: times }, (_, n) => `t${n}`).join(" ");
      const file = join(folder, "Makefile");
      writeFileSync(file, `all: ${targets}\n.PHONY: all ${targets}\n${targets}:\n\t@${script}\n`);
      return (await timed({ command: "make", args: ["-s", "-j10", "-f", file], env, cwd: folder })).ms;
    },
    close: () => Promise.resolve(),
  };
}

/** GNU parallel; where it is not there, as Debian has it; null where that is not to be had either. */
export function parallel(script: string, env: Readonly<Record<string, string>>): Peer | null {
  const command = versionOf("parallel", ["--version"]) === null ? unpackParallel() : "parallel";
  const version = command === null ? null : versionOf(command, ["--version"]);
  if (command === null || version === null) return null;
  return {
    title: `${version} -j10`,
    run: async (times) => {
      const input = Array.from({ length: times }, (_, n) => `${n}\n`).join("");
      const args = ["--will-cite", "-j10", "-n1", script];
      return (await timed({ command, args, env: { ...env, HOME: aFolder("parallel") }, input })).ms;
    },
    close: () => Promise.resolve(),
  };
}

function unpackParallel(): string | null {
  const folder = aFolder("parallel");
  try {
    execFileSync("sh", ["-c", "apt-get download parallel && dpkg -x parallel_*.deb ."], {
      cwd: folder,
      stdio: "pipe",
    });
    return join(folder, "usr/bin/parallel");
  } catch {
    return null;
  }
}

function versionOf(command: string, args: readonly string[]): string | null {
  try {
    const said = execFileSync(command, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return said.split("\n")[0]!.trim();
  } catch {
    return null;
  }
}

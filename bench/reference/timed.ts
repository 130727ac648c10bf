import { spawn } from "node:child_process";
import { cpuOf } from "../program/cpu.js";

/** How long a command took, and the CPU time of it and all that it waited for, in ms. */
export interface Timed {
  readonly ms: number;
  readonly cpuMs: number;
}

export interface TimedCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it reads. */
  readonly input?: string;
}

/** Runs a command from its start to its end; what it prints is thrown away. Rejects unless it exits with 0. One at a time, or their CPU times mix. */
export function timed({ command, args, env, cwd, input = "" }: TimedCommand): Promise<Timed> {
  const before = cpuOf(process.pid).children;
  const begin = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd, stdio: ["pipe", "ignore", "inherit"] });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const ms = performance.now() - begin;
      if (code === 0) resolve({ ms, cpuMs: cpuOf(process.pid).children - before });
      else reject(new Error(`${command} ended with ${code ?? signal}`));
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

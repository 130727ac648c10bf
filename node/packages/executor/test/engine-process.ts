import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Runs a program of these tests that is an engine, e.g. `engine.ts`, in a process of its own, with these arguments. What it prints is to be read. */
export function engineProcess(program: string, options: readonly string[]): ChildProcess {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const args = ["--import", tsx, "--conditions", "source", file, ...options];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
}

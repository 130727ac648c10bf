import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { afterAllTests } from "../cleanup.js";
import { cleanEnvironment, MARK_VARIABLE } from "./environment.js";
import { killMarked } from "./marked.js";
import { runsFromSources } from "./node.js";
import { until } from "./wait.js";

export interface ProgramOptions {
  readonly command: string;
  readonly args?: readonly string[];
  /** Added to a clean environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** How a process ended. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program that runs as a process of its own. */
export interface Program {
  readonly pid: number;
  /** In the environment of everything that it started: for `processesMarked`. */
  readonly mark: string;
  /** Everything printed so far, both streams as they came. */
  output(): string;
  /** The first match in its output. Rejects, with the output, if it ends before or takes too long. */
  waitForOutput(pattern: RegExp, withinMs?: number): Promise<RegExpMatchArray>;
  /** Once its streams are closed too. */
  readonly ended: Promise<Ending>;
  isRunning(): boolean;
  /** Sends a signal to this process alone; SIGTERM by default. */
  kill(signal?: NodeJS.Signals): void;
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Ending>;
}

const started = new Set<Program>();

afterAllTests(() => {
  for (const { mark } of started) killMarked(mark);
});

/** Starts a program. What it leaves running is killed when the tests are over, but a good test leaves nothing: see `nothingIsLeftOf`. */
export function startProgram({ command, args = [], env = {}, cwd }: ProgramOptions): Program {
  const mark = randomUUID();
  const environment = cleanEnvironment({ ...env, [MARK_VARIABLE]: mark });
  const child = spawn(command, args, { cwd, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  if (child.pid === undefined) throw new Error(`${command} could not be started.`);
  const program = watch(child, child.pid, mark, [command, ...args].join(" "));
  started.add(program);
  return program;
}

/** Starts a file with this Node: TypeScript from sources as the tests are; an `.mjs` on what was built last, which starts in a fifth of the time. */
export function startScript(file: string, options: Omit<ProgramOptions, "command"> = {}): Program {
  const args = [...(file.endsWith(".mjs") ? [file] : runsFromSources(file)), ...(options.args ?? [])];
  return startProgram({ ...options, command: process.execPath, args });
}

function watch(child: ChildProcess, pid: number, mark: string, title: string): Program {
  let output = "";
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  let running = true;
  child.once("exit", () => (running = false));
  const ended = new Promise<Ending>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  return {
    pid,
    mark,
    ended,
    output: () => output,
    isRunning: () => running,
    kill: (signal = "SIGTERM") => void child.kill(signal),
    stop(signal = "SIGTERM") {
      child.kill(signal);
      return ended;
    },
    async waitForOutput(pattern, withinMs = 60_000) {
      let over = false;
      void ended.then(() => (over = true));
      const found = await until(
        `${title} prints ${String(pattern)}`,
        () => pattern.exec(output) ?? (over ? "ended" : null),
        withinMs,
      ).catch((error: unknown) =>
        Promise.reject(new Error(`${(error as Error).message} It printed:\n${output}`)),
      );
      if (found === "ended")
        throw new Error(`${title} ended without printing ${String(pattern)}. It printed:\n${output}`);
      return found;
    },
  };
}

import type { Environment, Flags } from "../settings/read.js";

/** What a command is called with. Only `main` makes one, from the process. */
export interface Invocation {
  readonly flags: Flags;
  readonly environment: Environment;
  /** What the command answers, for people and pipes. */
  readonly out: (line: string) => void;
  /** What it reports beside its answer. */
  readonly err: (line: string) => void;
}

export interface RunRequest {
  /** A flow's name, or a path to its directory. */
  readonly flow: string;
  /** JSON, or `@file`, or `@-`. */
  readonly input: string | undefined;
  readonly showOutput: boolean;
}

export interface ServeRequest {
  /** Whether it also claims and executes. */
  readonly worker: boolean;
}

/** The commands; each answers the exit code. */
export interface Commands {
  serve(invocation: Invocation, request: ServeRequest): Promise<number>;
  worker(invocation: Invocation): Promise<number>;
  run(invocation: Invocation, request: RunRequest): Promise<number>;
  migrate(invocation: Invocation, action: "latest" | "status"): Promise<number>;
  doctor(invocation: Invocation): Promise<number>;
  verify(invocation: Invocation): Promise<number>;
  key(invocation: Invocation, rotate: boolean): Promise<number>;
}

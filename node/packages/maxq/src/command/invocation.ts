import type { ReadStream, WriteStream } from "node:tty";
import type { ControlRequest } from "../runs/control.js";
import type { ExportRequest } from "../runs/export.js";
import type { ListRunsRequest } from "../runs/list.js";
import type { LogsRequest } from "../runs/logs.js";
import type { ShowRequest } from "../runs/show.js";
import type { RunRequest } from "../run/request.js";
import type { PruneCommand } from "../prune/prune.js";
import type { InitRequest } from "../init/init.js";
import type { Environment, Flags } from "../settings/read.js";

/** The streams of the process. `isTTY` says which of them are a terminal. */
export interface Terminal {
  readonly stdin: ReadStream;
  readonly stdout: WriteStream;
  readonly stderr: WriteStream;
}

/** What a command is called with. Only `main` makes one, from the process. */
export interface Invocation {
  readonly flags: Flags;
  readonly environment: Environment;
  /** Whether the answer is to be JSON: one document, or a line each for streams. */
  readonly json: boolean;
  /** What the command answers, for people and pipes. */
  readonly out: (line: string) => void;
  /** What it reports beside its answer. */
  readonly err: (line: string) => void;
  readonly terminal: Terminal;
}

export interface ServeRequest {
  /** Whether it also claims and executes. */
  readonly worker: boolean;
}

/** The commands; each answers the exit code. */
export interface Commands {
  serve(invocation: Invocation, request: ServeRequest): Promise<number>;
  worker(invocation: Invocation): Promise<number>;
  migrate(invocation: Invocation, action: "latest" | "status"): Promise<number>;
  doctor(invocation: Invocation): Promise<number>;
  verify(invocation: Invocation): Promise<number>;
  key(invocation: Invocation, rotate: boolean): Promise<number>;
  run(invocation: Invocation, request: RunRequest): Promise<number>;
  runs(invocation: Invocation, request: ListRunsRequest): Promise<number>;
  show(invocation: Invocation, request: ShowRequest): Promise<number>;
  logs(invocation: Invocation, request: LogsRequest): Promise<number>;
  control(invocation: Invocation, request: ControlRequest): Promise<number>;
  exportRun(invocation: Invocation, request: ExportRequest): Promise<number>;
  flows(invocation: Invocation, flowName: string | undefined): Promise<number>;
  workers(invocation: Invocation): Promise<number>;
  validate(invocation: Invocation, flow: string | undefined): Promise<number>;
  prune(invocation: Invocation, request: PruneCommand): Promise<number>;
  init(invocation: Invocation, request: InitRequest): Promise<number>;
}

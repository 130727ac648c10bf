import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import type { Readable, Writable } from "node:stream";
import type { ExecutorLogger } from "../logger.js";
import { decodeEvent } from "./decode.js";
import { FrameReader } from "./frame-reader.js";
import { FrameWriter } from "./frame-writer.js";
import {
  type ExitReport,
  LAUNCHER_VARIABLE,
  type LauncherEvent,
  MARK_VARIABLE,
  PROTOCOL_VERSION,
  Request,
} from "./frames.js";
import type { LauncherCommand } from "./locate.js";
import { killStrays } from "./strays.js";

/** What a launcher is asked to start. Strings hold no NUL, but `env`, which is `NAME=value\0…`. */
export interface LaunchRequest {
  readonly path: string;
  readonly cwd: string;
  readonly outputPath: string;
  readonly env: string;
  readonly stdoutCap: number;
  readonly stderrCap: number;
}

/** Who is told what becomes of a launched script: exactly one of `notStarted`, `exited`, `lost`, `unavailable`, once. */
export interface LaunchListener {
  notStarted(errno: number, stage: number): void;
  output(stream: "stdout" | "stderr", chunk: Buffer): void;
  /** The buffers in the report are only valid during the call. */
  exited(report: ExitReport): void;
  lost(message: string): void;
  /** The launcher never worked, so nothing was started. */
  unavailable(message: string): void;
}

/** What all launchers of a runner have in common. */
export interface LauncherSurroundings {
  /** `NAME=value`, for all scripts. */
  readonly baseEnv: readonly string[];
  /** See `ownerMark`; null: nobody will look for what is left when this process dies. */
  readonly owner: string | null;
  readonly logger: ExecutorLogger;
}

interface Launched {
  readonly listener: LaunchListener;
  pid: number;
  startTicks: number;
}

/** How long a launcher may take to kill everything; one that hangs is killed, and its scripts with it. */
const CLOSE_MS = 10_000;

/**
 * One launcher process and what it runs. When it dies, whatever is left of its scripts is killed and they are
 * `lost`; then `gone` resolves and the client is of no more use.
 */
export class LauncherClient {
  readonly kind: "native" | "node";
  readonly ready: Promise<boolean>;
  readonly gone: Promise<void>;
  readonly #logger: ExecutorLogger;
  readonly #mark: string;
  readonly #process: ChildProcess;
  readonly #stdin: Writable;
  readonly #launched = new Map<number, Launched>();
  readonly #writer = new FrameWriter();
  #nextId = 1;
  #state: "starting" | "ready" | "closing" | "gone" = "starting";
  #worked = false;
  #settleReady: (ok: boolean) => void = () => {};

  constructor(command: LauncherCommand, { baseEnv, owner, logger }: LauncherSurroundings) {
    this.kind = command.kind;
    this.#logger = logger;
    this.#mark = `${MARK_VARIABLE}=${owner === null ? "" : `${owner}.`}${randomBytes(12).toString("hex")}.`;
    this.ready = new Promise((resolve) => (this.#settleReady = resolve));
    // A session of its own, so that Ctrl-C in a terminal reaches the engine alone; no environment of ours, hence no secrets.
    this.#process = spawn(command.file, command.args, {
      env: owner === null ? {} : { [LAUNCHER_VARIABLE]: owner },
      cwd: "/",
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#stdin = this.#process.stdin!;
    this.gone = new Promise((resolve) => this.#watch(resolve));
    this.#writer
      .begin(Request.hello)
      .u32(PROTOCOL_VERSION)
      .text(`${this.#mark}\0${join(baseEnv)}`)
      .end();
    this.#flush();
  }

  /** Whether it ever said that it works. */
  get worked(): boolean {
    return this.#worked;
  }

  /** False once it is of no use for further starts. */
  get usable(): boolean {
    return this.#state === "starting" || this.#state === "ready";
  }

  /** Starts a script; the answer is the number for `terminate` and `follow`. */
  launch(request: LaunchRequest, listener: LaunchListener): number {
    const id = this.#nextId++;
    this.#launched.set(id, { listener, pid: 0, startTicks: 0 });
    this.#send()
      .begin(Request.start)
      .u32(id)
      .u32(request.stdoutCap)
      .u32(request.stderrCap)
      .u32(0)
      .text(`${request.path}\0${request.cwd}\0${request.outputPath}\0${request.env}${this.#mark}${id}\0`)
      .end();
    return id;
  }

  terminate(id: number, graceMs: number): void {
    if (this.#launched.has(id)) this.#send().begin(Request.terminate).u32(id).u32(graceMs).end();
  }

  follow(id: number, on: boolean): void {
    if (this.#launched.has(id))
      this.#send()
        .begin(Request.follow)
        .u32(id)
        .u32(on ? 1 : 0)
        .end();
  }

  /** Scripts may run until this moment of the monotonic clock, in ms; see `ScriptRunner.setDeadline`. */
  setDeadline(atMs: number): void {
    this.#send().begin(Request.deadline).f64(atMs).end();
    this.#flush(); // this process may be stopped before the end of its turn
  }

  /** Ends the launcher, which kills and reports everything first. */
  async close(): Promise<void> {
    if (this.usable) {
      this.#flush();
      this.#state = "closing";
      this.#stdin.end();
    }
    const hangs = setTimeout(() => this.#process.kill("SIGKILL"), CLOSE_MS);
    await this.gone;
    clearTimeout(hangs);
  }

  /** All frames of a turn of the event loop leave in one write. */
  #send(): FrameWriter {
    if (this.#writer.length === 0) setImmediate(() => this.#flush());
    return this.#writer;
  }

  #flush(): void {
    if (this.#writer.length === 0) return;
    const frames = this.#writer.take();
    if (this.usable) this.#stdin.write(frames);
  }

  #watch(gone: () => void): void {
    const reader = new FrameReader((type, body) => {
      const event = decodeEvent(type, body);
      if (event !== null) this.#handle(event);
    });
    (this.#process.stdout as Readable).on("data", (chunk: Buffer) => reader.push(chunk));
    (this.#process.stderr as Readable).on("data", (chunk: Buffer) => {
      this.#logger.warn("the launcher says something", { text: chunk.toString("utf8").trimEnd() });
    });
    this.#stdin.on("error", () => {}); // EPIPE: its exit follows and says more
    let failure: string | null = null;
    this.#process.on("error", (error) => (failure = error.message));
    // `close` and not `exit`: every report that it still wrote is read first.
    this.#process.on(
      "close",
      (code, signal) => void this.#died(failure ?? signal ?? `exit ${String(code)}`).then(gone),
    );
  }

  #handle(event: LauncherEvent): void {
    switch (event.type) {
      case "exited":
        this.#take(event.report.id)?.listener.exited(event.report);
        return;
      case "started": {
        const launched = this.#launched.get(event.id);
        if (launched !== undefined) ({ pid: launched.pid, startTicks: launched.startTicks } = event);
        return;
      }
      case "not_started":
        this.#take(event.id)?.listener.notStarted(event.errno, event.stage);
        return;
      case "output":
        this.#launched.get(event.id)?.listener.output(event.stream, event.chunk);
        return;
      case "ready":
        if (this.#state === "starting") this.#state = "ready";
        this.#worked = event.version === PROTOCOL_VERSION;
        if (this.kind === "native" && !event.contained) {
          this.#logger.warn(
            "this kernel does not list children in /proc: processes that leave their group are not found",
          );
        }
        this.#settleReady(this.#worked);
    }
  }

  #take(id: number): Launched | undefined {
    const launched = this.#launched.get(id);
    this.#launched.delete(id);
    return launched;
  }

  async #died(how: string): Promise<void> {
    const expected = this.#state === "closing";
    this.#state = "gone";
    this.#settleReady(false);
    if (!expected) this.#logger.error("the launcher died", { how, scripts: this.#launched.size });
    if (!expected || this.#launched.size > 0) await killStrays(this.#mark, [...this.#launched.values()]);
    for (const { listener } of this.#launched.values()) {
      if (this.#worked)
        listener.lost(`The launcher ended (${how}) while this script ran; the script was killed.`);
      else
        listener.unavailable(`The launcher does not start (${how}): see the server's log, and maxq doctor.`);
    }
    this.#launched.clear();
  }
}

function join(entries: readonly string[]): string {
  return entries.map((entry) => `${entry}\0`).join("");
}

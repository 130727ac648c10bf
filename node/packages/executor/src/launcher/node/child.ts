import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { RingCapture } from "../../capture/ring.js";
import { waitStatus } from "../../runner/wait-status.js";
import { Event, ExitFlag, MARK_VARIABLE, StartStage } from "../frames.js";
import { killStrays } from "../strays.js";
import { checkBeforeSpawn } from "./check.js";
import { groupIsGone, isStopped, signalGroup } from "./group.js";
import type { FrameQueue } from "./queue.js";
import type { StartRequest } from "./requests.js";

const FOLLOW_QUEUE = 1024 * 1024;
const POLL_MS = 5;
/** Every so-manieth look at a group is a thorough one. */
const THOROUGH = 20;

/** One script of the Node launcher. */
export class LaunchedChild {
  readonly #request: StartRequest;
  readonly #queue: FrameQueue;
  readonly #onOver: () => void;
  readonly #captures: readonly [RingCapture, RingCapture];
  readonly #startedAt = performance.now();
  #process: ChildProcess | null = null;
  #exit: { readonly status: number; readonly at: number } | null = null;
  #killAt: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #following = false;
  #fenced = false;

  constructor(request: StartRequest, queue: FrameQueue, onOver: () => void) {
    this.#request = request;
    this.#queue = queue;
    this.#onOver = onOver;
    this.#captures = [new RingCapture(request.stdoutCap), new RingCapture(request.stderrCap)];
  }

  /** Tells that it is not started, because the deadline has passed. */
  refuse(): void {
    this.#notStarted(constants.errno.ECANCELED, StartStage.fenced);
  }

  start(): void {
    const { path, cwd, env, outputPath } = this.#request;
    const failure = checkBeforeSpawn(path, cwd);
    if (failure !== null) {
      this.#notStarted(failure.errno, failure.stage);
      return;
    }
    rmSync(outputPath, { force: true });
    let child: ChildProcess;
    try {
      child = spawn(path, [], { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    } catch (error) {
      this.#notStarted(-((error as NodeJS.ErrnoException).errno ?? 0), StartStage.exec); // some come as events, some not
      return;
    }
    this.#process = child;
    child.on("error", (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) this.#notStarted(-(error.errno ?? 0), StartStage.exec);
    });
    if (child.pid === undefined) return;
    this.#capture(child.stdout!, 0);
    this.#capture(child.stderr!, 1);
    child.on("exit", (code, signal) => {
      // Node tells a stop of one that asked to be traced as exit 0, and never asks for it again: nobody would see its end.
      if (code === 0 && isStopped(child.pid!)) this.#exited(waitStatus(null, "SIGKILL"));
      else this.#exited(waitStatus(code, signal));
    });
    this.#queue.frame(Event.started).u32(this.#request.id).u32(child.pid).f64(0).end();
  }

  /** SIGTERM once, SIGKILL when the soonest grace is over. */
  terminate(graceMs: number): void {
    const pid = this.#process?.pid;
    if (pid === undefined) return;
    const at = performance.now() + graceMs;
    const first = this.#killAt === null;
    if (this.#killAt !== null && at >= this.#killAt) return;
    this.#killAt = at;
    if (first && graceMs > 0) signalGroup(pid, "SIGTERM");
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (graceMs === 0) signalGroup(pid, "SIGKILL");
    else this.#timer = setTimeout(() => signalGroup(pid, "SIGKILL"), graceMs);
  }

  /** The deadline has passed. One that had exited by itself was not fenced. */
  fence(): void {
    if (this.#exit === null) this.#fenced = true;
    this.terminate(0);
  }

  /** On: begins with what is kept so far, as `script_follow` in `launcher/capture.c` does. */
  follow(on: boolean): void {
    this.#following = on;
    if (on) for (const which of [0, 1] as const) this.#replay(which);
  }

  #replay(which: 0 | 1): void {
    const { head, bytes } = this.#captures[which];
    const kept = this.#queue.waiting > FOLLOW_QUEUE ? Buffer.alloc(0) : this.#captures[which].kept();
    this.#output(which, 0, kept.subarray(0, head));
    if (kept.length > head) this.#output(which, bytes - (kept.length - head), kept.subarray(head));
  }

  #capture(stream: Readable, which: 0 | 1): void {
    stream.on("error", () => {});
    stream.on("data", (chunk: Buffer) => {
      const capture = this.#captures[which];
      capture.push(chunk);
      if (this.#following && this.#queue.waiting <= FOLLOW_QUEUE)
        this.#output(which, capture.bytes - chunk.length, chunk);
    });
  }

  #output(which: 0 | 1, offset: number, bytes: Buffer): void {
    this.#queue
      .frame(Event.output)
      .u32(this.#request.id)
      .u32(which + 1)
      .f64(offset)
      .bytes(bytes)
      .end();
  }

  /** The exit decides; what is left of the group is killed, at once or when the grace is over. */
  #exited(status: number): void {
    this.#exit = { status, at: performance.now() };
    this.#awaitGroup();
  }

  #awaitGroup(looks = 1): void {
    const pid = this.#process!.pid!;
    if (this.#killAt === null || performance.now() >= this.#killAt) signalGroup(pid, "SIGKILL");
    if (groupIsGone(pid, looks % THOROUGH === 0)) void this.#sweep().then(() => this.#drain());
    else setTimeout(() => this.#awaitGroup(looks + 1), POLL_MS);
  }

  /** A look at every process of the machine is dear: only a killed script's escapees are looked for, by their mark. */
  async #sweep(): Promise<void> {
    const mark = this.#request.env[MARK_VARIABLE];
    if (this.#killAt !== null && mark !== undefined) await killStrays(`${MARK_VARIABLE}=${mark}\0`, []);
  }

  /** Node reads its pipes in turns of its own: two turns without data mean that they are empty. */
  #drain(quietTurns = 0, seen = -1): void {
    const { stdout, stderr } = this.#process!;
    const bytes = this.#captures[0].bytes + this.#captures[1].bytes;
    const ended = stdout!.readableEnded && stderr!.readableEnded;
    if (!ended && quietTurns < 2) {
      setImmediate(() => setImmediate(() => this.#drain(bytes === seen ? quietTurns + 1 : 0, bytes)));
      return;
    }
    stdout!.destroy();
    stderr!.destroy();
    this.#report();
  }

  #report(): void {
    const { id, outputPath } = this.#request;
    const exit = this.#exit!;
    const hasOutput = outputPath !== "" && existsSync(outputPath);
    const frame = this.#queue
      .frame(Event.exited)
      .u32(id)
      .u32(exit.status)
      .u32((hasOutput ? ExitFlag.hasOutput : 0) | (this.#fenced ? ExitFlag.fenced : 0));
    frame
      .f64((exit.at - this.#startedAt) * 1000)
      .f64(-1)
      .f64(-1);
    const kept = this.#captures.map((capture) => capture.kept());
    for (const [i, capture] of this.#captures.entries()) {
      frame.f64(capture.bytes).u32(capture.head).u32(kept[i]!.length);
    }
    for (const bytes of kept) frame.bytes(bytes);
    frame.end();
    this.#over();
  }

  #notStarted(errno: number, stage: number): void {
    this.#queue
      .frame(Event.notStarted)
      .u32(this.#request.id)
      .u32(errno || constants.errno.EIO)
      .u32(stage)
      .end();
    this.#over();
  }

  #over(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#onOver();
  }
}

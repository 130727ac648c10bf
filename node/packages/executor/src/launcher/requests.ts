import type { ConnectionEnd, KillReason } from "@maxq/core";
import { killReasons, PROTOCOL_VERSION, Request } from "./frames.js";
import type { LaunchRequest } from "./launched.js";
import { Outbox } from "./outbox.js";

/** It has 16 bits. */
const LARGEST_BOUND = 0xffff;

/** What an engine says to a launcher, as frames: see `frames.ts`. What is said in one turn leaves in one write, unless it may not wait for its end. */
export class Requests {
  readonly #outbox: Outbox;

  constructor(write: (frames: Buffer) => void) {
    this.#outbox = new Outbox(write);
  }

  hello(successor: boolean, mark: string, place: string | null, baseEnv: readonly string[]): void {
    this.#outbox
      .frame()
      .begin(Request.hello)
      .u32(PROTOCOL_VERSION)
      .u32(successor ? 1 : 0)
      .text(`${mark}\0${place ?? ""}\0${baseEnv.map((entry) => `${entry}\0`).join("")}`)
      .end();
    this.#outbox.flush();
  }

  start(id: number, request: LaunchRequest, mark: string, generation: number): void {
    const { stdoutCap, stderrCap, bound, path, cwd, outputPath, attemptKey, env } = request;
    this.#outbox
      .frame()
      .begin(Request.start)
      .u32(id)
      .u32(stdoutCap)
      .u32(stderrCap)
      .u32(((generation << 16) | Math.min(bound, LARGEST_BOUND)) >>> 0)
      .text(`${path}\0${cwd}\0${outputPath}\0${attemptKey}\0${env}${mark}${id}\0`)
      .end();
  }

  terminate(id: number, graceMs: number, reason: KillReason): void {
    const number = killReasons.indexOf(reason) + 1;
    this.#outbox.frame().begin(Request.terminate).u32(id).u32(graceMs).u32(number).end();
  }

  withdraw(id: number): void {
    this.#outbox.frame().begin(Request.withdraw).u32(id).end();
  }

  follow(id: number, on: boolean): void {
    this.#outbox
      .frame()
      .begin(Request.follow)
      .u32(id)
      .u32(on ? 1 : 0)
      .end();
  }

  owner(question: number, of: ConnectionEnd, to: ConnectionEnd): void {
    this.#outbox
      .frame()
      .begin(Request.owner)
      .u32(question)
      .u32(of.port)
      .u32(to.port)
      .text(`${of.address}\0${to.address}\0`)
      .end();
  }

  /** Leaves with what is said next. */
  forget(id: number): void {
    this.#outbox.forget(id);
  }

  lost(id: number, attemptKey: string, outputPath: string): void {
    this.#outbox.frame().begin(Request.lost).u32(id).text(`${attemptKey}\0${outputPath}\0`).end();
  }

  /** Leaves at once: this process may be stopped before the end of its turn. */
  deadline(atMs: number): void {
    this.#outbox.frame().begin(Request.deadline).f64(atMs).end();
    this.#outbox.flush();
  }

  resume(): void {
    this.#outbox.frame().begin(Request.resume).end();
    this.#outbox.flush();
  }

  close(): void {
    this.#outbox.frame().begin(Request.close).end();
    this.#outbox.flush();
  }
}

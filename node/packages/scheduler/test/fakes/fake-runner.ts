import type { KillReason, ScriptEnd, ScriptProcess, ScriptRunner, ScriptStart } from "@maxq/core";
import { anEnd } from "./builders.js";

/** A script that runs until the test ends it. */
export class FakeScript implements ScriptProcess {
  readonly ended: Promise<ScriptEnd>;
  readonly kills: { reason: KillReason; graceMs: number }[] = [];
  readonly listeners = new Set<(stream: "stdout" | "stderr", chunk: Buffer) => void>();
  #end: (end: ScriptEnd) => void = () => undefined;

  constructor(readonly start: ScriptStart) {
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  over = false;

  /** It ends now; killed by the first reason given, if any. */
  end(end: Partial<ScriptEnd> = {}): void {
    this.over = true;
    this.#end(anEnd({ killedBy: this.kills[0]?.reason ?? null, ...end }));
  }

  terminate(reason: KillReason, graceMs: number): void {
    this.kills.push({ reason, graceMs });
  }

  follow(listener: (stream: "stdout" | "stderr", chunk: Buffer) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }
}

/** Starts nothing, remembers everything. */
export class FakeRunner implements ScriptRunner {
  readonly launcher = "node";
  readonly containment = "none";
  readonly mark = "";
  readonly inheritance = null;
  /** Attempts whose outcomes the worker said are recorded. */
  readonly recordedAttempts: string[] = [];
  readonly scripts: FakeScript[] = [];
  readonly forgotten: string[] = [];

  start(script: ScriptStart): ScriptProcess {
    const process = new FakeScript(script);
    this.scripts.push(process);
    return process;
  }

  /** The last script that was started for this step. */
  of(stepId: string): FakeScript {
    const found = this.scripts.findLast(({ start }) => start.stepId === stepId);
    if (found === undefined) throw new Error(`${stepId} was not started`);
    return found;
  }

  setDeadline(): void {}

  connectionOwner(): Promise<null> {
    return Promise.resolve(null);
  }

  recorded(attemptKey: string): void {
    this.recordedAttempts.push(attemptKey);
  }

  forgetRun(runId: string): void {
    this.forgotten.push(runId);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

import type {
  KillReason,
  OutputListener,
  ScriptEnd,
  ScriptProcess,
  ScriptRunner,
  ScriptStart,
} from "@maxq/core";
import { anEnd } from "./builders.js";

/** A script that runs until the test ends it; one that waits begins when the runner has room. */
export class FakeScript implements ScriptProcess {
  readonly ended: Promise<ScriptEnd>;
  readonly kills: { reason: KillReason; graceMs: number }[] = [];
  readonly listeners = new Set<OutputListener>();
  over = false;
  /** It was handed over, and has not begun. */
  waits = false;
  /** Whether it is taken from the launcher before it begins: a test says no where that comes too late. */
  canBeWithdrawn = true;
  #end: (end: ScriptEnd) => void = () => undefined;
  readonly #ended: (well: boolean) => void;

  /** `ended` hears whether it exited with 0 of itself, after its end was told. */
  constructor(
    readonly start: ScriptStart,
    ended: (well: boolean) => void,
  ) {
    this.#ended = ended;
    this.ended = new Promise((resolve) => (this.#end = resolve));
  }

  /** Whether its script ever ran. */
  get began(): boolean {
    return !this.waits;
  }

  /** It ends now; killed by the first reason given, if any. */
  end(parts: Partial<ScriptEnd> = {}): void {
    const end = anEnd({ killedBy: this.kills[0]?.reason ?? null, ...parts });
    this.over = true;
    this.#end(end);
    this.#ended(end.killedBy === null && end.end.reason === "exited" && end.end.exitCode === 0);
  }

  terminate(reason: KillReason, graceMs: number): void {
    this.kills.push({ reason, graceMs });
    if (this.waits) this.withdraw();
  }

  withdraw(): void {
    if (!this.waits || this.over || !this.canBeWithdrawn) return;
    const killedBy = this.kills[0]?.reason ?? null;
    const notStarted = { reason: "not_started", code: "SCRIPT_NOT_STARTED", message: "ended" } as const;
    this.over = true;
    this.#end(
      anEnd({ killedBy, end: killedBy === null ? { reason: "withdrawn" } : notStarted, durationMs: 0 }),
    );
  }

  follow(listener: OutputListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  soFar(): Promise<null> {
    return Promise.resolve(null);
  }
}

/** Starts nothing, remembers everything. */
export class FakeRunner implements ScriptRunner {
  readonly launcher = "node";
  readonly containment = "none";
  readonly mark = "";
  readonly inheritance = null;
  /** As the C launcher does. */
  keepsWaiting = false;
  /** Attempts whose outcomes the worker said are recorded. */
  readonly recordedAttempts: string[] = [];
  readonly scripts: FakeScript[] = [];
  readonly forgotten: string[] = [];

  start(script: ScriptStart): ScriptProcess {
    const process = new FakeScript(script, (well) => this.#ended(well));
    process.waits = this.keepsWaiting && (this.waiting().length > 0 || !this.#hasRoomFor(process));
    this.scripts.push(process);
    return process;
  }

  /** What waits to begin, in its order. */
  waiting(): FakeScript[] {
    return this.scripts.filter(({ waits, over }) => waits && !over);
  }

  /** The last script that was started for this step. */
  of(stepId: string): FakeScript {
    const found = this.scripts.findLast(({ start }) => start.stepId === stepId);
    if (found === undefined) throw new Error(`${stepId} was not started`);
    return found;
  }

  #ended(well: boolean): void {
    for (const script of this.waiting()) {
      if (!well) script.withdraw();
      else if (this.#hasRoomFor(script)) script.waits = false;
    }
  }

  #hasRoomFor({ start: { bound } }: FakeScript): boolean {
    const running = this.scripts.filter(
      ({ start, waits, over }) => (start.bound ?? null) !== null && !waits && !over,
    );
    return bound === null || bound === undefined || running.length < bound;
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

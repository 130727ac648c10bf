import {
  maxInt32,
  type KillReason,
  type OutputListener,
  type OutputSoFar,
  type ProcessEnd,
  type ScriptEnd,
  type ScriptProcess,
} from "@maxq/core";
import type { LauncherClient } from "../launcher/client.js";
import type { ExitReport } from "../launcher/frames.js";
import { Follower } from "./follower.js";
import { Kill } from "./kill.js";
import { Snapshot } from "./snapshot.js";

const nothing = { text: "", bytes: 0, truncated: false } as const;

/** When a script is ended for the time that it takes, in ms. */
export interface Timeout {
  readonly ms: number;
  /** Between SIGTERM and SIGKILL. */
  readonly graceMs: number;
}

/** One start, from the request to the end of its tree. */
export class RunningScript implements ScriptProcess {
  readonly ended: Promise<ScriptEnd>;
  readonly #kill = new Kill();
  readonly #gone: (running: RunningScript) => void;
  #followers: readonly Follower[] = [];
  #settle!: (end: ScriptEnd) => void;
  #over = false;
  /** If it was not begun, it ends as withdrawn, whatever else it was asked for. */
  #askedBack = false;
  #launched: { readonly client: LauncherClient; readonly id: number } | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** Of one that may have to wait: its time begins when it begins. */
  #timeout: Timeout | null = null;

  /** @param gone called once, when it has ended */
  constructor(gone: (running: RunningScript) => void) {
    this.#gone = gone;
    this.ended = new Promise((resolve) => (this.#settle = resolve));
  }

  get killedBy(): KillReason | null {
    return this.#kill.reason;
  }

  /** Whether nothing more is to be done for it; asked again after each wait before the launch. */
  get over(): boolean {
    return this.#over;
  }

  /** It was handed to a launcher. `waits`: it may have to wait there, and its time begins when it is `started`. */
  launched(client: LauncherClient, id: number, timeout: Timeout | null, waits: boolean): void {
    this.#launched = { client, id };
    if (this.#followers.length > 0) client.follow(id, true);
    this.#timeout = timeout;
    if (!waits) this.started();
  }

  /** Its time runs from now on. */
  started(): void {
    if (this.#timeout === null || this.#over) return;
    const { ms, graceMs } = this.#timeout;
    this.#timeout = null;
    this.#timer = setTimeout(() => this.terminate("timeout", graceMs), Math.min(ms, maxInt32));
  }

  terminate(reason: KillReason, graceMs: number): void {
    if (this.#over) return;
    const step = this.#kill.request(reason, graceMs);
    if (this.#launched === null) this.notBegun();
    else if (step.send) this.#launched.client.terminate(this.#launched.id, step.graceMs, reason);
  }

  withdraw(): void {
    if (this.#over) return;
    this.#askedBack = true;
    if (this.#launched === null) this.notBegun();
    else this.#launched.client.withdraw(this.#launched.id);
  }

  /** It was asked back, or was to be ended, before it had been started. */
  notBegun(): void {
    const reason = this.killedBy;
    if (reason === null || this.#askedBack) this.settleWithout({ reason: "withdrawn" });
    else {
      const message = `It was ended (${reason}) before it had been started.`;
      this.settleWithout({ reason: "not_started", code: "SCRIPT_NOT_STARTED", message });
    }
  }

  /** It is being ended for this reason, by the launcher's deadline or by a predecessor of this process. */
  note(reason: KillReason): void {
    this.#kill.note(reason);
  }

  follow(listener: OutputListener): (() => void) | null {
    if (this.#over) return null;
    const follower = new Follower(listener);
    this.#join(follower);
    return () => this.#leave(follower);
  }

  async soFar(capBytes: number): Promise<OutputSoFar | null> {
    if (this.#over || this.#launched === null) return null;
    const snapshot = new Snapshot();
    this.#join(snapshot);
    this.#launched.client.follow(this.#launched.id, true);
    const taken = await snapshot.taken;
    this.#leave(snapshot);
    return taken
      ? { stdout: snapshot.text("stdout", capBytes), stderr: snapshot.text("stderr", capBytes) }
      : null;
  }

  #join(follower: Follower): void {
    this.#followers = [...this.#followers, follower];
    this.#launched?.client.follow(this.#launched.id, true);
  }

  #leave(follower: Follower): void {
    if (this.#over || !this.#followers.includes(follower)) return;
    this.#followers = this.#followers.filter((other) => other !== follower);
    if (this.#followers.length > 0) return;
    this.#launched?.client.follow(this.#launched.id, false);
  }

  output(stream: "stdout" | "stderr", offset: number, chunk: Buffer): void {
    for (const follower of this.#followers) follower.hear(stream, offset, chunk);
  }

  /** The process is gone: what its followers missed, as far as it was kept, is all that they still hear. */
  exited(report: ExitReport): void {
    for (const follower of this.#followers) {
      follower.hearKept("stdout", report.stdout);
      follower.hearKept("stderr", report.stderr);
    }
    this.#stop();
  }

  /** No kill and no output comes after this. */
  #stop(): void {
    this.#over = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    for (const follower of this.#followers) follower.end();
    this.#followers = [];
  }

  settle(end: ScriptEnd): void {
    this.#stop();
    this.#gone(this);
    this.#settle(end);
  }

  /** Ends it without anything to tell of a process. */
  settleWithout(
    end: Extract<ProcessEnd, { readonly reason: "not_started" | "unable" | "withdrawn" | "lost" }>,
  ): void {
    this.settle({
      end,
      killedBy: this.killedBy,
      stdout: nothing,
      stderr: nothing,
      durationMs: 0,
      cpuMs: null,
      maxRssBytes: null,
      output: null,
    });
  }
}

import { constants } from "node:os";
import { type KnownAttempt, StartStage } from "./frames.js";
import type { LaunchListener } from "./launched.js";

/** A script that a launcher has. */
export interface LaunchedScript {
  /** Null: inherited, and not taken. */
  listener: LaunchListener | null;
  /** 0: not started yet, as far as it was told. */
  pid: number;
  startTicks: number;
  /** It has a bound, or may have one because it was inherited. */
  readonly bounded: boolean;
  /** It has a bound, and was not told to have begun. */
  mayWait: boolean;
  /** The launcher was told to end it. */
  ending: boolean;
}

/** What a launcher has, by number, until it has told of its end. */
export class LaunchedScripts {
  readonly #scripts = new Map<number, LaunchedScript>();
  #bounded = 0;

  get size(): number {
    return this.#scripts.size;
  }

  /** How many have a bound. What the launcher has that waits, or makes others wait, is among them. */
  get bounded(): number {
    return this.#bounded;
  }

  add(id: number, listener: LaunchListener, bounded: boolean): void {
    this.#set(id, { listener, pid: 0, startTicks: 0, bounded, mayWait: bounded, ending: false });
  }

  inherit({ id, pid, startTicks }: KnownAttempt): void {
    this.#set(id, { listener: null, pid, startTicks, bounded: true, mayWait: false, ending: false });
  }

  has(id: number): boolean {
    return this.#scripts.has(id);
  }

  get(id: number): LaunchedScript | undefined {
    return this.#scripts.get(id);
  }

  /** The launcher is told to end it. False: it has ended. */
  ends(id: number): boolean {
    const script = this.#scripts.get(id);
    if (script !== undefined) script.ending = true;
    return script !== undefined;
  }

  started(id: number, pid: number, startTicks: number): void {
    const script = this.#scripts.get(id);
    if (script === undefined) return;
    script.mayWait = false;
    script.pid = pid;
    script.startTicks = startTicks;
    script.listener?.started();
  }

  /** It has ended, or was not started. */
  take(id: number): LaunchedScript | undefined {
    const script = this.#scripts.get(id);
    if (script === undefined) return undefined;
    this.#scripts.delete(id);
    if (script.bounded) this.#bounded--;
    return script;
  }

  /** The launcher died: those with a bound after this one never began, and end as not started. */
  returnWaiting(lastBegun: number): void {
    for (const [id, { mayWait, listener }] of [...this.#scripts]) {
      if (!mayWait || id <= lastBegun) continue;
      this.take(id);
      listener?.notStarted(constants.errno.ECANCELED, StartStage.withdrawn);
    }
  }

  all(): LaunchedScript[] {
    return [...this.#scripts.values()];
  }

  /** The launcher died, and of the others nothing runs any more; `worked`: it ever did. */
  lose(how: string, worked: boolean): void {
    for (const [id, { listener }] of [...this.#scripts]) {
      this.take(id);
      if (worked) listener?.lost(`The launcher ended (${how}) while this script ran; the script was killed.`);
      else
        listener?.unavailable(`The launcher does not start (${how}): see the server's log, and maxq doctor.`);
    }
  }

  #set(id: number, script: LaunchedScript): void {
    this.#scripts.set(id, script);
    if (script.bounded) this.#bounded++;
  }
}

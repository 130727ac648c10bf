import { maxInt32, type KillReason } from "@maxq/core";

/** What is to be done about a request to end a script. */
export type KillStep = { readonly send: false } | { readonly send: true; readonly graceMs: number };

/**
 * How a script is ended: SIGTERM to its group, SIGKILL to its whole tree after the grace; the launcher does both
 * (`launcher/kill.c`). The first reason given wins; a later request counts only if its grace ends sooner.
 */
export class Kill {
  #reason: KillReason | null = null;
  #deadline = Infinity;

  get reason(): KillReason | null {
    return this.#reason;
  }

  /** It is being ended for this reason without being asked to. */
  note(reason: KillReason): void {
    this.#reason ??= reason;
  }

  request(reason: KillReason, graceMs: number, now = performance.now()): KillStep {
    const grace = Math.min(Math.max(0, Math.ceil(graceMs)), maxInt32);
    this.note(reason);
    if (now + grace >= this.#deadline) return { send: false };
    this.#deadline = now + grace;
    return { send: true, graceMs: grace };
  }
}

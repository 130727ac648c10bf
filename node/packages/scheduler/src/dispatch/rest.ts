import type { DispatchPorts } from "./ports.js";

/** First and longest rest, in ms; each is twice as long as the one before. */
const SHORTEST_MS = 250;
const LONGEST_MS = 10_000;

/** The time in which a worker takes nothing, because its machine could not start what it had: no flows root, no room on the disk, no memory, no processes. */
export class Rest {
  readonly #ports: Pick<DispatchPorts, "clock" | "logger">;
  readonly #over: () => void;
  #nextMs = SHORTEST_MS;
  #cancel: (() => void) | null = null;

  /** `over` is called when a rest has ended. */
  constructor(ports: Pick<DispatchPorts, "clock" | "logger">, over: () => void) {
    this.#ports = ports;
    this.#over = over;
  }

  get rests(): boolean {
    return this.#cancel !== null;
  }

  /** Something could not be started. What was claimed together fails together, and makes one rest. It is told once, until something has run. */
  begin(why: string): void {
    if (this.#cancel !== null) return;
    const ms = this.#nextMs;
    this.#nextMs = Math.min(2 * ms, LONGEST_MS);
    if (ms === SHORTEST_MS)
      this.#ports.logger.warn(
        { why, ms },
        "This machine cannot start scripts now: what it had is handed back, and it takes nothing for a while.",
      );
    this.#cancel = this.#ports.clock.after(ms, () => {
      this.#cancel = null;
      this.#over();
    });
  }

  /** A script was started and has ended: the next rest is short again, unless one is under way. */
  forget(): void {
    if (this.#cancel === null) this.#nextMs = SHORTEST_MS;
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}

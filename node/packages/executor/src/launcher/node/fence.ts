import { readFileSync } from "node:fs";
import { monotonicMs } from "../monotonic.js";

/** Node's timers stand still while the machine sleeps, so they are not relied on for longer than this. */
const SLICE_MS = 1000;

/** The deadline that the engine renews with its lease, kept on the clock that goes on while the machine sleeps. */
export class Fence {
  readonly #enforce: () => void;
  #at: number | null = null;
  #timer: NodeJS.Timeout | null = null;

  /** `enforce` is called each time that a deadline passes. */
  constructor(enforce: () => void) {
    this.#enforce = enforce;
  }

  /** Takes the place of the last one; a moment of the monotonic clock, in ms. */
  set(monotonicAt: number): void {
    this.#at = bootMs() + monotonicAt - monotonicMs();
    this.#look();
  }

  /** Whether a deadline was set and has passed. */
  get passed(): boolean {
    return this.#at !== null && bootMs() >= this.#at;
  }

  #look(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    const leftMs = this.#at! - bootMs();
    if (leftMs <= 0) this.#enforce();
    else this.#timer = setTimeout(() => this.#look(), Math.min(Math.ceil(leftMs), SLICE_MS));
  }
}

/** Ms since boot, in steps of 10; where the system does not tell, those in which it was awake. */
function bootMs(): number {
  try {
    return Number.parseFloat(readFileSync("/proc/uptime", "latin1")) * 1000;
  } catch {
    return monotonicMs();
  }
}

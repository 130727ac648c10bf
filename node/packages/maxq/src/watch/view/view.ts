import type { Ended } from "../progress.js";

/** Shows a run while it goes on. */
export interface View {
  /** Whether it shows what scripts print while they run. */
  readonly live: boolean;
  start(): void;
  /** A line for people that is no part of the tree; stays. */
  note(line: string): void;
  /** Shows a question below everything until it is answered (null). */
  ask(question: string | null): void;
  /** Something has ended, and the last line that it printed is known. */
  ended(what: Ended): void;
  /** Shows everything as it is now and leaves it. */
  stop(): void;
}

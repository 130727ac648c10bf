import { constants, openSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import type { DestinationStream } from "pino";

/** Between two attempts to write to a pipe that is full. */
const slowReaderMs = 5;
/** How long a reader is waited for in all, and the part of later time by which that grows again. */
const patienceMs = 1_000;
const patienceRegained = 0.1;
const nothing: Uint8Array = new Uint8Array();

/** Writes some of the bytes at once and answers how many; throws where it cannot. */
export type WriteSome = (bytes: Uint8Array) => number;

/**
 * Where the log goes: each line is written at once, so that the last one before a crash is there. A full disk, or a reader that has gone (`| head`),
 * must not stop the engine: a line that cannot be written is dropped, and the next one that can be follows a line that says how many were.
 * Of a line that was cut short the rest is kept, so that it ends before another one begins. A reader that is slow is waited for, but never for more
 * than a tenth of the engine's time, and a second at once: while it waits the engine does nothing else.
 */
export class LogOutput implements DestinationStream {
  #rest = nothing;
  #dropped = 0;
  #patience = patienceMs;
  #countedAt = performance.now();

  constructor(private readonly writeSome: WriteSome) {}

  write(line: string): void {
    if (this.#dropped > 0 && this.#take(noteOf(this.#dropped))) this.#dropped = 0;
    if (this.#dropped > 0 || !this.#take(line)) this.#dropped += 1;
  }

  /** False if nothing of the line has been written. */
  #take(line: string): boolean {
    if (!this.#writeRest()) return false;
    const bytes = Buffer.from(line);
    this.#rest = bytes;
    if (this.#writeRest() || this.#rest.length < bytes.length) return true;
    this.#rest = nothing;
    return false;
  }

  #writeRest(): boolean {
    try {
      while (this.#rest.length > 0) this.#rest = this.#rest.subarray(this.#writeOnceRead());
      return true;
    } catch {
      return false;
    }
  }

  #writeOnceRead(): number {
    for (;;) {
      try {
        return this.writeSome(this.#rest);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN" || !this.#waited()) throw error;
      }
    }
  }

  /** False if the reader has been waited for long enough. */
  #waited(): boolean {
    const regained = (performance.now() - this.#countedAt) * patienceRegained;
    this.#patience = Math.min(patienceMs, this.#patience + regained);
    this.#countedAt = performance.now();
    if (this.#patience < slowReaderMs) return false;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, slowReaderMs);
    this.#patience -= performance.now() - this.#countedAt;
    return true;
  }
}

/** Standard output. Not `process.stdout`, whose errors come later and whose buffer grows. */
export function standardOutput(): LogOutput {
  const descriptor = withoutBlocking();
  return new LogOutput((bytes) => writeSync(descriptor, bytes));
}

/**
 * A descriptor of standard output at which a write never waits in the kernel, where no signal would be heard. Node makes a pipe or a socket so when it
 * makes `process.stdout` of it (and back at its end); a terminal, which Ctrl-S stops, is opened anew, since its description is the shell's, too.
 */
function withoutBlocking(): number {
  if (!isatty(process.stdout.fd)) return process.stdout.fd;
  try {
    return openSync("/proc/self/fd/1", constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return 1; // Another user's terminal, after su: it cannot be opened.
  }
}

function noteOf(dropped: number): string {
  const msg = "Lines of the log could not be written and are missing here";
  return `${JSON.stringify({ level: "warn", time: new Date().toISOString(), dropped, msg })}\n`;
}

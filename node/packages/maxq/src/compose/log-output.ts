import { writeSync } from "node:fs";
import type { DestinationStream } from "pino";

/** Between two attempts to write to a pipe that is full. */
const slowReaderMs = 20;
const nothing: Uint8Array = new Uint8Array();

/** Writes some of the bytes at once and answers how many; throws where it cannot. */
export type WriteSome = (bytes: Uint8Array) => number;

/**
 * Where the log goes: each line is written at once, so that the last one before a crash is there. A full disk, or a reader that has gone (`| head`),
 * must not stop the engine: a line that cannot be written is dropped, and the next one that can be follows a line that says how many were.
 * Of a line that was cut short the rest is kept, so that it ends before another one begins. A reader that is slow is waited for.
 */
export class LogOutput implements DestinationStream {
  #rest = nothing;
  #dropped = 0;

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
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, slowReaderMs);
      }
    }
  }
}

/** Standard output. Not `process.stdout`, whose errors come later and whose buffer grows. */
export function standardOutput(): LogOutput {
  return new LogOutput((bytes) => writeSync(1, bytes));
}

function noteOf(dropped: number): string {
  const msg = "Lines of the log could not be written and are missing here";
  return `${JSON.stringify({ level: "warn", time: new Date().toISOString(), dropped, msg })}\n`;
}

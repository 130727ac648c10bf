import type { OutputListener } from "@maxq/core";
import { endOfCharacters, startOfCharacters } from "../capture/characters.js";
import type { KeptStream } from "../launcher/frames.js";

const nothing = Buffer.alloc(0);

/** How far a follower has come in one stream. */
class Progress {
  /** Bytes of the stream that lie behind; null: chunks that were on their way when it joined are not its beginning. */
  position: number | null = null;
  /** The beginning of a character whose rest has not come yet. */
  begun: Buffer = nothing;
  /** Bytes that are missing before the next ones, and nobody was told of. */
  leftOut = 0;
}

/**
 * One who follows a script's output from its beginning. What was written before is sent again whenever somebody joins, so each follower knows how far it has
 * come in each stream: it hears nothing twice, and where something is not kept any more, or was dropped on its way, it leaps and is told how far. Chunks end
 * between characters, and of one that a leap has cut nothing is heard, as in the captured text.
 */
export class Follower {
  readonly #listener: OutputListener;
  readonly #streams = { stdout: new Progress(), stderr: new Progress() };

  constructor(listener: OutputListener) {
    this.#listener = listener;
  }

  /** A chunk that begins at this offset of the stream. */
  hear(stream: "stdout" | "stderr", offset: number, chunk: Buffer): void {
    const progress = this.#streams[stream];
    progress.position ??= offset === 0 ? 0 : null;
    const { position } = progress;
    const end = offset + chunk.length;
    if (position === null || end <= position) return;
    progress.position = end;
    if (offset > position) {
      progress.leftOut += offset - position + progress.begun.length;
      progress.begun = nothing;
    }
    this.#tell(stream, chunk.subarray(Math.max(0, position - offset)));
  }

  /** All that was kept of a stream: its head, and where that is not all, its tail. */
  hearKept(stream: "stdout" | "stderr", { bytes, head, kept }: KeptStream): void {
    const tail = kept.subarray(head);
    this.hear(stream, 0, kept.subarray(0, head));
    this.hear(stream, bytes - tail.length, tail);
  }

  /** Nothing more comes. */
  end(): void {
    for (const stream of ["stdout", "stderr"] as const) {
      const { begun, leftOut } = this.#streams[stream];
      if (begun.length > 0 || leftOut > 0) this.#listener(stream, begun, leftOut);
    }
  }

  #tell(stream: "stdout" | "stderr", fresh: Buffer): void {
    const progress = this.#streams[stream];
    const bytes = progress.begun.length > 0 ? Buffer.concat([progress.begun, fresh]) : fresh;
    const from = progress.leftOut > 0 ? startOfCharacters(bytes, 0) : 0;
    const to = Math.max(from, endOfCharacters(bytes, bytes.length));
    progress.begun = Buffer.from(bytes.subarray(to)); // a copy: chunks are views
    progress.leftOut += from;
    if (to === from) return;
    const { leftOut } = progress;
    progress.leftOut = 0;
    this.#listener(stream, bytes.subarray(from, to), leftOut);
  }
}

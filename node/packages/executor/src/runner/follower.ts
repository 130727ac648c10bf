import type { KeptStream } from "../launcher/frames.js";

export type OutputListener = (stream: "stdout" | "stderr", chunk: Buffer) => void;

/**
 * One who follows a script's output from its beginning. What was written before is sent again whenever somebody joins, so each follower knows how far it has
 * come in each stream: it hears nothing twice, and where something is not kept any more, it leaps.
 */
export class Follower {
  readonly #listener: OutputListener;
  /** Bytes of the stream that lie behind; null: chunks that were on their way when it joined are not its beginning. */
  readonly #positions: Record<"stdout" | "stderr", number | null> = { stdout: null, stderr: null };

  constructor(listener: OutputListener) {
    this.#listener = listener;
  }

  /** A chunk that begins at this offset of the stream. */
  hear(stream: "stdout" | "stderr", offset: number, chunk: Buffer): void {
    const position = this.#positions[stream] ?? (offset === 0 ? 0 : null);
    if (position === null) return;
    const end = offset + chunk.length;
    this.#positions[stream] = Math.max(position, end);
    if (end > position) this.#listener(stream, chunk.subarray(Math.max(0, position - offset)));
  }

  /** All that was kept of a stream: its head, and where that is not all, its tail. */
  hearKept(stream: "stdout" | "stderr", { bytes, head, kept }: KeptStream): void {
    this.hear(stream, 0, kept.subarray(0, head));
    if (kept.length > head) this.hear(stream, bytes - (kept.length - head), kept.subarray(head));
  }
}

import { isUtf8 } from "node:buffer";
import type { CapturedStream } from "@maxq/core";
import type { KeptStream } from "../launcher/frames.js";

const LONGEST_MARKER = 64;

/**
 * The text of what a launcher kept, at most `cap` bytes of UTF-8. Where bytes are missing, the beginning and the
 * end stand around a line that says how many; the end gets the most. Invalid bytes, and NUL, which PostgreSQL
 * cannot store, become U+FFFD.
 */
export function capturedText(stream: KeptStream, cap: number): CapturedStream {
  const { bytes, kept } = stream;
  if (bytes === 0) return { text: "", bytes: 0, truncated: false };
  const clean = sanitized(kept);
  if (bytes === kept.length && clean.length <= cap) {
    return { text: clean.toString("utf8"), bytes, truncated: false };
  }
  if (bytes === kept.length) return { text: cut(clean, clean, bytes, cap), bytes, truncated: true };
  // Head and tail do not adjoin, so a character that either lost a part of is left out, not repaired.
  const head = kept.subarray(0, endOfCharacters(kept, stream.head));
  const tail = kept.subarray(startOfCharacters(kept, stream.head));
  return { text: cut(sanitized(head), sanitized(tail), bytes, cap), bytes, truncated: true };
}

function cut(head: Buffer, tail: Buffer, bytes: number, cap: number): string {
  if (cap <= 4 * LONGEST_MARKER) return tail.toString("utf8", startOfCharacters(tail, tail.length - cap));
  const headEnd = endOfCharacters(head, Math.min(head.length, cap >> 2));
  const tailStart = startOfCharacters(tail, tail.length - (cap - headEnd - LONGEST_MARKER));
  const left = Math.max(0, bytes - headEnd - (tail.length - tailStart));
  return `${head.toString("utf8", 0, headEnd)}\n[… ${left} bytes left out …]\n${tail.toString("utf8", tailStart)}`;
}

function sanitized(bytes: Buffer): Buffer {
  const valid = isUtf8(bytes);
  if (valid && !bytes.includes(0)) return bytes;
  return Buffer.from(bytes.toString("utf8").replaceAll("\0", "\uFFFD"), "utf8");
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** The first position at or after `at` where a character begins; invalid text is not searched further than a character is long. */
function startOfCharacters(bytes: Buffer, at: number): number {
  const start = Math.max(0, at);
  for (let i = start; i < start + 4; i++) if (!isContinuation(bytes[i])) return Math.min(i, bytes.length);
  return start;
}

/** The last position at or before `at` where a character has ended. */
function endOfCharacters(bytes: Buffer, at: number): number {
  for (let i = at - 1; i >= 0 && i >= at - 4; i--) {
    const byte = bytes[i]!;
    if (isContinuation(byte)) continue;
    const length = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return i + length > at ? i : at;
  }
  return at;
}

import { isUtf8 } from "node:buffer";
import { leftOutMark, type CapturedStream } from "@maxq/core";
import type { KeptStream } from "../launcher/frames.js";
import { endOfCharacters, startOfCharacters } from "./characters.js";

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
  return head.toString("utf8", 0, headEnd) + leftOutMark(left) + tail.toString("utf8", tailStart);
}

function sanitized(bytes: Buffer): Buffer {
  const valid = isUtf8(bytes);
  if (valid && !bytes.includes(0)) return bytes;
  return Buffer.from(bytes.toString("utf8").replaceAll("\0", "\uFFFD"), "utf8");
}

import type { CapturedStream, OutputSoFar, StepOutput } from "@maxq/core";

/** What is kept of a script's output; null if it wrote nothing. `capBytes` bounds each stream's text. */
export function storedOutput({ stdout, stderr }: OutputSoFar, capBytes: number): StepOutput | null {
  if (stdout.bytes === 0 && stderr.bytes === 0) return null;
  const out = cutToEnd(stdout, capBytes);
  const err = cutToEnd(stderr, capBytes);
  return {
    stdout: out.text,
    stderr: err.text,
    stdoutBytes: out.bytes,
    stderrBytes: err.bytes,
    stdoutTruncated: out.truncated,
    stderrTruncated: err.truncated,
  };
}

/**
 * A flow call's stdout is captured up to the body limit, because a document may be in it, and stored up to the log cap: its end is kept.
 * A step's streams were captured at the cap and pass through. Texts of fewer characters than a third of the cap are not even measured.
 */
export function cutToEnd(stream: CapturedStream, capBytes: number): CapturedStream {
  if (stream.text.length * 3 <= capBytes) return stream;
  if (Buffer.byteLength(stream.text) <= capBytes) return stream;
  const bytes = Buffer.from(stream.text);
  let start = bytes.length - capBytes;
  while (start < bytes.length && (bytes[start]! & 0xc0) === 0x80) start++;
  return { text: bytes.toString("utf8", start), bytes: stream.bytes, truncated: true };
}

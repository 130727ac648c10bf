import { partWithoutTokens } from "../without-tokens.js";

const longestExcerpt = 120;

/** A place in a text, as people count: both from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column of an offset. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (;;) {
    const end = text.indexOf("\n", start);
    if (end < 0 || end >= offset) return { line, column: offset - start + 1 };
    line++;
    start = end + 1;
  }
}

/** The line around an offset, at most 120 characters of it, without tokens. At the end of the text: the last line that holds something. */
export function excerptAt(text: string, offset: number): string {
  const at = offset < text.length ? offset : Math.max(0, text.trimEnd().length - 1);
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const next = text.indexOf("\n", at);
  const end = next < 0 ? text.length : next;
  const from = Math.max(start, Math.min(at - longestExcerpt / 2, end - longestExcerpt));
  const to = Math.min(end, from + longestExcerpt);
  return `${from > start ? "…" : ""}${partWithoutTokens(text, from, to).trim()}${to < end ? "…" : ""}`;
}

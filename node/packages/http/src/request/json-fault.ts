import { scanJson } from "@maxq/core";

/** Where text stops being JSON. Position counts UTF-16 units from 0, line and column from 1. */
export interface JsonFault {
  readonly position: number;
  readonly line: number;
  readonly column: number;
  /** What stands there and what should: `unexpected "}", where a value was expected`. */
  readonly found: string;
}

/** Finds where text that `JSON.parse` refused stops being JSON; V8 itself says so only for some mistakes. */
export function jsonFault(text: string): JsonFault {
  const scan = scanJson(text, 0);
  const position = scan.ok ? scan.end + /^\s*/.exec(text.slice(scan.end))![0].length : scan.at;
  const expected = scan.ok ? "the end" : scan.expected;
  const before = text.slice(0, position);
  const char = text.codePointAt(position);
  const found = char === undefined ? "it ends" : `there is ${JSON.stringify(String.fromCodePoint(char))}`;
  return {
    position,
    line: before.split("\n").length,
    column: position - before.lastIndexOf("\n"),
    found: `${found} where ${expected} was expected`,
  };
}

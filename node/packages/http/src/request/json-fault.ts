/** Where text stops being JSON. Position counts UTF-16 units from 0, line and column from 1. */
export interface JsonFault {
  readonly position: number;
  readonly line: number;
  readonly column: number;
  /** What stands there: `unexpected "}"` or `it ends too early`. */
  readonly found: string;
}

/** Finds where text that `JSON.parse` refused stops being JSON; V8 itself says so only for some mistakes. */
export function jsonFault(text: string): JsonFault {
  const position = faultPosition(text);
  const before = text.slice(0, position);
  const line = before.split("\n").length;
  const char = text.codePointAt(position);
  const found =
    char === undefined ? "it ends too early" : `unexpected ${JSON.stringify(String.fromCodePoint(char))}`;
  return { position, line, column: position - before.lastIndexOf("\n"), found };
}

/** How far something reaches, and whether it is whole. */
interface Span {
  readonly end: number;
  readonly whole: boolean;
}

/** Walks the text with a stack of open brackets. What is expected next: a value, a key, or what follows a value. */
function faultPosition(text: string): number {
  const open: string[] = [];
  let at = 0;
  let expect: "value" | "key" | "after" = "value";
  let mayClose = false;
  for (;;) {
    at = match(space, text, at) ?? at;
    const char = text[at];
    const closing = open.at(-1) === "{" ? "}" : "]";
    if (char === closing && open.length > 0 && (expect === "after" || mayClose)) {
      open.pop();
      [at, expect, mayClose] = [at + 1, "after", false];
    } else if (expect === "after") {
      if (char !== "," || open.length === 0) return at;
      [at, expect, mayClose] = [at + 1, closing === "}" ? "key" : "value", false];
    } else if (expect === "value" && (char === "{" || char === "[")) {
      open.push(char);
      [at, expect, mayClose] = [at + 1, char === "{" ? "key" : "value", true];
    } else {
      const { end, whole } = char === '"' ? stringSpan(text, at) : scalarSpan(text, at);
      if (!whole || (expect === "key" && char !== '"')) return expect === "key" && char !== '"' ? at : end;
      at = end;
      if (expect === "key") {
        at = match(space, text, at) ?? at;
        if (text[at] !== ":") return at;
        at++;
      }
      [expect, mayClose] = [expect === "key" ? "value" : "after", false];
    }
  }
}

const space = /[ \t\n\r]+/y;
const scalar = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function match(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}

function scalarSpan(text: string, at: number): Span {
  const end = match(scalar, text, at);
  return { end: end ?? at, whole: end !== null };
}

/** A loop, because a pattern over a string of megabytes overflows the stack of the regular expression. */
function stringSpan(text: string, start: number): Span {
  let at = start + 1;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { end: at + 1, whole: true };
    if (Number.isNaN(code) || code < 0x20) return { end: at, whole: false };
    const next = code === 0x5c ? match(escape, text, at) : at + 1;
    if (next === null) return { end: at, whole: false };
    at = next;
  }
}

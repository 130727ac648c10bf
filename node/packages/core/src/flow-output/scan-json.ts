/** Where a JSON value ends (exclusive), or where and how it goes wrong. Offsets into the text. */
export type Scan =
  | { readonly ok: true; readonly end: number }
  | { readonly ok: false; readonly at: number; readonly expected: string };

type Expectation =
  | "a value"
  | "a value or ]"
  | "a key in double quotes or }"
  | "a key in double quotes"
  | "a colon"
  | "a comma or the closing bracket";

/**
 * Follows one JSON value from `from`, whatever comes after it, strictly as `JSON.parse` reads it. Linear, and does not recurse.
 * Exists because `JSON.parse` neither stops at the end of a value nor always says where it went wrong.
 */
export function scanJson(text: string, from: number): Scan {
  const closers: string[] = [];
  let expected: Expectation = "a value";
  let at = from;
  for (;;) {
    at = skipSpace(text, at);
    const char = text[at];
    if (char === undefined) return { ok: false, at, expected };
    if (expected === "a comma or the closing bracket") {
      if (char === ",") expected = closers.at(-1) === "}" ? "a key in double quotes" : "a value";
      else if (char === closers.at(-1)) closers.pop();
      else return { ok: false, at, expected };
      at++;
    } else if (expected === "a colon") {
      if (char !== ":") return { ok: false, at, expected };
      expected = "a value";
      at++;
    } else if (char === closers.at(-1) && expected.includes(" or ")) {
      closers.pop();
      expected = "a comma or the closing bracket";
      at++;
    } else if (expected !== "a value" && expected !== "a value or ]") {
      const key = char === '"' ? scanString(text, at) : { ok: false as const, at, expected };
      if (!key.ok) return key;
      expected = "a colon";
      at = key.end;
    } else if (char === "{" || char === "[") {
      closers.push(char === "{" ? "}" : "]");
      expected = char === "{" ? "a key in double quotes or }" : "a value or ]";
      at++;
    } else {
      const scalar = char === '"' ? scanString(text, at) : scanWord(text, at);
      if (!scalar.ok) return scalar;
      expected = "a comma or the closing bracket";
      at = scalar.end;
    }
    if (closers.length === 0) return { ok: true, end: at };
  }
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Whether JSON counts this character code as white space. */
export function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9;
}

/** Not a regular expression: on a string of megabytes that exhausts the engine's stack. */
function scanString(text: string, from: number): Scan {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) return { ok: true, end: at + 1 };
    if (code < 32)
      return {
        ok: false,
        at,
        expected: "the closing quote before the end of the line (write \\n for a line break)",
      };
    if (code !== 92) continue;
    const escape = /["\\/bfnrt]|u[0-9a-fA-F]{4}/y;
    escape.lastIndex = at + 1;
    const found = escape.exec(text);
    if (found === null) return { ok: false, at, expected: "an escape that JSON knows" };
    at += found[0].length;
  }
  return { ok: false, at: text.length, expected: "a closing quote" };
}

function scanWord(text: string, at: number): Scan {
  const word = /(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)(?![\w.+-])/y;
  word.lastIndex = at;
  const found = word.exec(text);
  return found === null ? { ok: false, at, expected: "a value" } : { ok: true, end: at + found[0].length };
}

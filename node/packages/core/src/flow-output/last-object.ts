import { hasMoreValues } from "../json.js";
import { isSpace } from "./scan-json.js";

/** A JSON object that begins a line and reaches to the end of the text. */
export interface LastObject {
  /** Null: it has more values than are read. */
  readonly value: object | null;
  /** Offset of its `{`. */
  readonly start: number;
}

/**
 * The object from whose line's start the whole rest of the text parses; null if there is none. At most one line can be its start:
 * JSON strings hold no line breaks, so brackets can be counted line by line from the end, until the last closing one has found its partner.
 * Each line is read once, and one parse is tried, of at most so many values.
 */
export function lastObject(text: string, mostValues: number): LastObject | null {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  if (text[end - 1] !== "}") return null;
  let balance = 0;
  while (end > 0) {
    const start = text.lastIndexOf("\n", end - 1) + 1;
    const change = bracketBalance(text, start, end);
    if (change === null) return null;
    balance += change;
    if (balance >= 0) return balance === 0 ? parseFrom(text, start, mostValues) : null;
    end = start - 1;
  }
  return null;
}

/** Opening less closing brackets between the offsets, those in strings left out; null if a string does not end there. */
function bracketBalance(text: string, from: number, to: number): number | null {
  let balance = 0;
  let quoted = false;
  for (let at = from; at < to; at++) {
    const code = text.charCodeAt(at);
    if (quoted) {
      if (code === 92) at++;
      else if (code === 34) quoted = false;
    } else if (code === 34) quoted = true;
    else if (code === 123 || code === 91) balance++;
    else if (code === 125 || code === 93) balance--;
  }
  return quoted ? null : balance;
}

function parseFrom(text: string, lineStart: number, mostValues: number): LastObject | null {
  let start = lineStart;
  while (isSpace(text.charCodeAt(start))) start++;
  if (text[start] !== "{") return null;
  const rest = text.slice(start);
  if (hasMoreValues(rest, mostValues)) return { value: null, start };
  try {
    return { value: JSON.parse(rest) as object, start };
  } catch {
    return null;
  }
}

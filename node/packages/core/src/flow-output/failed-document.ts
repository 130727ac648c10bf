import { isSpace, scanJson } from "./scan-json.js";

/** Something in a flow's output that was meant to be its stage document and is none. Offsets into the text. */
export interface FailedDocument {
  /** Where it begins. */
  readonly start: number;
  /** Where it goes wrong. */
  readonly at: number;
  /** What should stand there. */
  readonly expected: string;
}

/** Enough of a beginning to tell that a stage document was meant, whatever follows. */
const documentKeys = /["'{,\s](stage|steps|final)["']?\s*:/;

/**
 * For output without a document: what was meant to be one, null if all of it is log.
 *
 * Read from the top, the objects and arrays that begin a line decide. A complete one that is no stage document is log (`{"level":"info"}`),
 * whatever text follows. An object that does not parse, or is a piece of something that does not begin a line, is a mistake if it is the last of them,
 * or if it has a key of stage documents: then complete objects after it may be pieces of it (its steps).
 * A complete stage document that something follows is a mistake too, and one that shares a line with what was printed without a line break before it,
 * such as the answer of a `curl`: taken for log, the run would end in silence.
 */
export function failedDocument(text: string): FailedDocument | null {
  let failed: FailedDocument | null = null;
  let line = 0;
  while (line < text.length) {
    const start = skipBlanks(text, line);
    const array = text[start] === "[";
    if (!array && text[start] !== "{") {
      line = nextLine(text, start);
      continue;
    }
    const scan = scanJson(text, start);
    if (scan.ok) {
      const after = array ? listed(text, start, scan.end) : misplaced(text, start, scan.end);
      if (after?.complete === true) return after;
      failed = after;
      const next = afterValue(text, scan.end);
      if (typeof next !== "number") return next;
      line = next;
    } else {
      if (!array) failed = { start, at: scan.at, expected: scan.expected };
      if (!array && documentKeys.test(text.slice(start, scan.at))) return failed;
      line = lineAfter(text, start, scan.at);
    }
  }
  return failed;
}

/** `complete`: nothing that follows makes it log. */
type Misplaced = FailedDocument & { readonly complete: boolean };

/** What is wrong with a complete object that is not the document: it is one and not the last, or it is a piece of something. Null: it is log. */
function misplaced(text: string, start: number, end: number): Misplaced | null {
  let at = end;
  while (isSpace(text.charCodeAt(at))) at++;
  const complete = isDocument(JSON.parse(text.slice(start, end)));
  const piece = at < text.length && ",]}".includes(text.charAt(at));
  return complete || piece ? { start, at, expected: "the end of the output", complete } : null;
}

/** A list of stage documents is none: a call prints one. Null: it is log. */
function listed(text: string, start: number, end: number): Misplaced | null {
  const items = JSON.parse(text.slice(start, end)) as unknown[];
  return items.some(isDocument)
    ? { start, at: start, expected: "one object, not a list,", complete: true }
    : null;
}

/** What follows a complete value on its line and begins a stage document; else the line to go on with. */
function afterValue(text: string, end: number): FailedDocument | number {
  let start = skipBlanks(text, end);
  while (text[start] === "{") {
    const scan = scanJson(text, start);
    const meant = scan.ok
      ? isDocument(JSON.parse(text.slice(start, scan.end)))
      : documentKeys.test(text.slice(start, Math.max(scan.at, nextLine(text, start))));
    if (meant) return { start, at: start, expected: "a line break" };
    if (!scan.ok) return lineAfter(text, start, scan.at);
    start = skipBlanks(text, scan.end);
  }
  return nextLine(text, start);
}

/** Complete by its keys: `stage` and `steps`, or `final` with nothing but `output`. Program logs may well have a `stage` or `final` of their own. */
function isDocument(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const keys = Object.keys(value);
  if (keys.includes("stage") && keys.includes("steps")) return true;
  return keys.includes("final") && keys.every((key) => key === "final" || key === "output");
}

/** The line to go on with after an object that does not parse: a log line may have broken off just before the object that follows it. */
function lineAfter(text: string, start: number, at: number): number {
  return Math.max(text.lastIndexOf("\n", at - 1) + 1, nextLine(text, start));
}

function nextLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end + 1;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\t") at++;
  return at;
}

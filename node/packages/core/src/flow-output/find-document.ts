import { problem, type Problem } from "../problem.js";
import { failedDocument, type FailedDocument } from "./failed-document.js";
import { lastObject } from "./last-object.js";
import { isMeantAsDocument } from "./meant-document.js";
import { excerptAt, positionAt } from "./position.js";

/** What a flow call's output holds. */
export type FoundDocument =
  /** Nothing but log: nothing is asked for. */
  | { readonly reason: "none" }
  /** The parsed document, not validated yet; `start` is the offset of its `{`. */
  | { readonly reason: "document"; readonly value: unknown; readonly start: number }
  /** It has more values than are read. */
  | { readonly reason: "too large"; readonly start: number }
  /** INVALID_FLOW_OUTPUT, with `details` line, column, excerpt and startLine. */
  | { readonly reason: "invalid"; readonly problem: Problem };

/**
 * Finds the stage document in a flow call's stdout or `$MAXQ_OUTPUT`: it is the last start of a line from which the rest of the output
 * parses as JSON with a `stage` or `final` key, or as what was meant as a document (see `isMeantAsDocument`). Text before it is log. Indentation, CRLF and white space after it do not matter.
 * What looks like a document and is none is `invalid` (see `failedDocument`), so that a typing mistake does not end a run as completed. Linear in the output.
 */
export function findDocument(text: string, mostValues = Number.POSITIVE_INFINITY): FoundDocument {
  const last = lastObject(text, mostValues);
  if (last?.value === null) return { reason: "too large", start: last.start };
  if (last !== null && isMeantAsDocument(last.value))
    return { reason: "document", value: last.value, start: last.start };
  const failed = failedDocument(text);
  return failed === null ? { reason: "none" } : { reason: "invalid", problem: describe(text, failed) };
}

function describe(text: string, { start, at, expected }: FailedDocument): Problem {
  const { line, column } = positionAt(text, at);
  const startLine = positionAt(text, start).line;
  const excerpt = excerptAt(text, at);
  const found = at >= text.length ? "the output ends" : `found ${JSON.stringify(text.slice(at, at + 1))}`;
  return problem(
    "INVALID_FLOW_OUTPUT",
    `flow.sh printed something that begins like a stage document (line ${startLine}) but is none: ` +
      `expected ${expected} at line ${line}, column ${column}, but ${found}: ${excerpt}`,
    { line, column, startLine, excerpt },
  );
}

import { findDocument, isSpace, type Problem } from "@maxq/core";
import type { Literal } from "../shell/literals.js";
import { goesElsewhere } from "./destination.js";

/** A stage document, or what was meant to be one. Offsets are into the script. */
export type Document =
  | {
      readonly reason: "document";
      readonly value: unknown;
      readonly text: string;
      readonly start: number;
      readonly offsets: readonly number[];
    }
  /** `cure`: where more is known than that the JSON is wrong. */
  | {
      readonly reason: "invalid";
      readonly problem: Problem;
      readonly offset: number;
      readonly cure?: string;
    };

/** Programs whose arguments and input are texts in a language of their own, or templates. */
const others =
  /^(.*\/)?(jq|gojq|yq|awk|gawk|mawk|nawk|sed|perl|ruby|node|deno|php|python[0-9.]*|envsubst|bash|sh|eval|grep|egrep|rg)$/;
/** Behind a keyword, an assignment or `builtin`, too. */
const formats = /^(.*\/)?(printf|echo)$/;

const documentKey = /(["'])(stage|steps|final)\1\s*:/;
const lostQuotes =
  "Put the whole document in single quotes or in a heredoc: quotes within double quotes end them, so what is printed has none.";
const assignment = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;

/** The stage documents among the literals of a `flow.sh`, as far as they can be told from pieces of one that the script puts together. */
export function documentsIn(script: string, literals: readonly Literal[]): Document[] {
  return literals.flatMap((literal) => documentOf(script, literal) ?? []);
}

function documentOf(script: string, literal: Literal): Document | null {
  if (literal.command.before.some((word) => others.test(word)) || goesElsewhere(script, literal.command))
    return null;
  const begin = literal.kind === "word" ? (assignment.exec(literal.text)?.[0].length ?? 0) : 0;
  const text = literal.text.slice(begin);
  const offsets = literal.offsets.slice(begin);
  if (!text.trimEnd().endsWith("}")) return null;
  if (literal.kind === "word" && (!text.trimStart().startsWith("{") || isFormat(literal))) return null;
  const found = findDocument(text);
  switch (found.reason) {
    case "none":
    case "too large":
      return null;
    case "document":
      return { reason: "document", value: found.value, text, start: found.start, offsets };
    case "invalid":
      if (documentKey.test(text)) return invalid(literal, text, offsets, found.problem);
      if (!documentKey.test(script.slice(offsets[0], offsets.at(-1)))) return null;
      return invalid(literal, text, offsets, found.problem, { cure: lostQuotes });
  }
}

function invalid(
  literal: Literal,
  text: string,
  offsets: readonly number[],
  problem: Problem,
  cure: { readonly cure?: string } = {},
): Document | null {
  const { line, column } = problem.details as { line: number; column: number };
  const at = offsetOfPosition(text, line, column);
  let end = text.length;
  while (isSpace(text.charCodeAt(end - 1))) end--;
  // An argument that breaks off may be a part of what the script prints piece by piece.
  if (literal.kind === "word" && at >= end) return null;
  return { ...cure, reason: "invalid", problem, offset: offsets[Math.min(at, end - 1)] ?? 0 };
}

/** Whether `printf` or `echo -e` makes something else of it. */
function isFormat({ text, command }: Literal): boolean {
  return command.before.some((word) => formats.test(word)) && /%[-+ #0-9.]*[a-z]|\\n/i.test(text);
}

function offsetOfPosition(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  return lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + column - 1;
}

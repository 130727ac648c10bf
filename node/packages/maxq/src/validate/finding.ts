import type { ErrorCode } from "@maxq/core";
import { isAbsolute, relative } from "node:path";
import type { Paint } from "../print/paint.js";
import { plainLine } from "../print/words.js";

/** The code that a run would fail with; or one of what only shows up as a script that fails, or as one of shellcheck's (`SC2086`). */
export type FindingCode =
  ErrorCode | "SCRIPT_SYNTAX" | "SCRIPT_LINE_ENDS" | "SCRIPT_MISPLACED" | `SC${number}`;

/** A fault of a flow. */
export interface Finding {
  readonly code: FindingCode;
  readonly flow: string;
  /** Absolute; of the file, or of the directory that should have one. */
  readonly file: string;
  /** From 1, as is the column, in UTF-16 units. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** The line; "" where there is none. */
  readonly excerpt: string;
  readonly cure: string;
}

/** A finding within one file, whose flow is known where it is looked for. */
export type Fault = Omit<Finding, "flow" | "file">;

const longestExcerpt = 120;

/** A fault at an offset of a file's text. */
export function faultAt(
  text: string,
  offset: number,
  fault: Pick<Fault, "code" | "message" | "cure">,
): Fault {
  const at = Math.min(Math.max(0, offset), text.length);
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const end = text.indexOf("\n", at);
  const line = text.slice(0, start).split("\n").length;
  const whole = plainLine(text.slice(start, end < 0 ? text.length : end)).trim();
  const excerpt = whole.length > longestExcerpt ? `${whole.slice(0, longestExcerpt)}…` : whole;
  return { ...fault, line, column: at - start + 1, excerpt };
}

/** A fault of a line, counted from 1; the last one if there are not so many. */
export function faultOfLine(
  text: string,
  line: number,
  fault: Pick<Fault, "code" | "message" | "cure">,
  column = 1,
): Fault {
  const lines = text.split("\n");
  const last = lines.at(-1) === "" ? lines.length - 1 : lines.length;
  const index = Math.max(1, Math.min(line, last)) - 1;
  const offset = lines.slice(0, index).reduce((sum, each) => sum + each.length + 1, 0);
  return faultAt(text, offset + Math.min(column - 1, lines[index]?.length ?? 0), fault);
}

/** A finding for people, in three lines. */
export function formatFinding(finding: Finding, directory: string, paint: Paint): string {
  const { code, file, line, column, message, excerpt, cure } = finding;
  const below = relative(directory, file);
  const path = below.startsWith("..") || isAbsolute(below) || below === "" ? file : below;
  const head = `${paint("bold", `${path}:${line}:${column}`)} ${paint("red", code)} ${plainLine(message)}`;
  return [head, ...(excerpt === "" ? [] : [`    | ${excerpt}`]), `    → ${plainLine(cure)}`].join("\n");
}

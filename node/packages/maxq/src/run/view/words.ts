import { stripVTControlCharacters } from "node:util";
import type { StageStatus, StepStatus } from "@maxq/core";

export type Paint = (style: "bold" | "dim" | "red" | "green" | "yellow" | "cyan", text: string) => string;

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

/** Adds colours, or does not. */
export function painter(colours: boolean): Paint {
  if (!colours) return (_style, text) => text;
  return (style, text) => (text === "" ? "" : `\x1b[${codes[style][0]}m${text}\x1b[${codes[style][1]}m`);
}

/** A duration for people: `40 ms`, `1.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 1) return `${Math.round(Math.max(0, ms))} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two((seconds % 3600) / 60)} min`;
}

/** One sign for each status, as wide as a letter. */
export function sign(status: StageStatus | StepStatus, paint: Paint): string {
  switch (status) {
    case "completed":
      return paint("green", "✔");
    case "failed":
      return paint("red", "✘");
    case "running":
      return paint("cyan", "●");
    case "cancelled":
    case "aborted":
      return paint("yellow", "⊘");
    case "pending":
      return paint("dim", "·");
  }
}

/** The last line of some output that has more than white space, without colours and control characters; "" if there is none. */
export function lastLine(output: string): string {
  const lines = stripVTControlCharacters(output.slice(-4096)).split(/[\r\n]+/);
  const line = lines.findLast((one) => one.trim() !== "") ?? "";
  return line
    .replaceAll("\t", " ")
    .replaceAll(/[\x00-\x1f\x7f-\x9f]/g, "")
    .trim();
}

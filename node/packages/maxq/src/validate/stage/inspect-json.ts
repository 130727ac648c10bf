import { scanJson } from "@maxq/core";
import { faultAt, type Fault } from "../finding.js";
import type { Literal } from "../shell/literals.js";

/** What is wrong with other JSON that stands literally in heredocs of a script: one document, or one a line. */
export function inspectJson(script: string, literals: readonly Literal[]): Fault[] {
  return literals.flatMap((literal) => {
    const { kind, text, offsets, command } = literal;
    if (kind !== "heredoc" || !/^\s*\{\s*"/.test(text) || !text.trimEnd().endsWith("}")) return [];
    if (command.before[0] !== "cat" && command.before[0] !== "curl") return [];
    const whole = scanJson(text, 0);
    if (whole.ok ? text.slice(whole.end).trim() === "" : areAll(text.split("\n"))) return [];
    const at = whole.ok ? whole.end : whole.at;
    if (whole.ok && areAll(text.split("\n"))) return [];
    return [
      faultAt(script, offsets[Math.min(at, offsets.length - 1)] ?? 0, {
        code: "INVALID_JSON",
        message: `This begins like JSON but is none: expected ${whole.ok ? "the end" : whole.expected} here.`,
        cure: "Correct the JSON at this place.",
      }),
    ];
  });
}

function areAll(lines: readonly string[]): boolean {
  return lines.every((line) => {
    if (line.trim() === "") return true;
    const scan = scanJson(line, 0);
    return scan.ok && line.slice(scan.end).trim() === "";
  });
}

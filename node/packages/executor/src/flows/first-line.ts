import { shellWord } from "@maxq/core";

/** What is wrong with the line that names a script's interpreter. */
export interface FirstLineProblem {
  readonly reason: "no_interpreter_line" | "crlf_line_ends";
  readonly message: string;
}

const ELF = Buffer.from("\x7fELF", "latin1");

/** The interpreter line of a script without `#!`; null if it has none. */
export function interpreterLine(content: Buffer): string | null {
  if (content[0] !== 0x23 || content[1] !== 0x21) return null;
  const end = content.indexOf(0x0a);
  return content.toString("utf8", 2, Math.min(end < 0 ? content.length : end, 4096));
}

/** Checks the first line of a script; binaries are fine. */
export function findFirstLineProblem(content: Buffer, path: string): FirstLineProblem | null {
  if (content.subarray(0, 4).equals(ELF)) return null;
  const line = interpreterLine(content);
  if (line === null) {
    const message = `${path} does not begin with "#!": put #!/usr/bin/env bash on its first line.`;
    return { reason: "no_interpreter_line", message };
  }
  if (line.endsWith("\r")) {
    const message = `${path} has Windows line ends (CRLF): convert it with sed -i 's/\\r$//' ${shellWord(path)}`;
    return { reason: "crlf_line_ends", message };
  }
  return null;
}

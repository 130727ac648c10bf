import { execFile } from "node:child_process";
import { basename } from "node:path";
import { faultOfLine, type Fault } from "../finding.js";

const patienceMs = 10_000;

/** What a shell says of a script when it only reads it (`-n`): its first complaint, if it has one. */
export async function inspectSyntax(text: string, file: string, shell: string): Promise<Fault[]> {
  // What `shopt` switches on further up is not, when bash only reads.
  const options = basename(shell) === "bash" && /\bextglob\b/.test(text) ? ["-O", "extglob"] : [];
  const said = await complaints(shell, [...options, "-n", file]);
  const found = said.flatMap((line) => readComplaint(line, file) ?? [])[0];
  if (found === undefined) return [];
  return [
    faultOfLine(text, found.line, {
      code: "SCRIPT_SYNTAX",
      message: found.message,
      cure: "Correct it here or above: the shell says where it noticed, not where it began.",
    }),
  ];
}

function complaints(shell: string, args: readonly string[]): Promise<string[]> {
  return new Promise((resolve) => {
    const options = { timeout: patienceMs, env: { ...process.env, LC_ALL: "C" } };
    execFile(shell, args, options, (_error, _stdout, stderr) => resolve(stderr.split("\n")));
  });
}

/** `FILE: line 3: syntax error near …` of bash, `FILE: 3: Syntax error: …` of dash, `FILE:3: parse error …` of zsh. */
function readComplaint(
  said: string,
  file: string,
): { readonly line: number; readonly message: string } | null {
  const rest = said.startsWith(`${file}:`) ? said.slice(file.length + 1) : null;
  const [, line, message = ""] = /^\s*(?:line )?(\d+): (.*)$/.exec(rest ?? "") ?? [];
  if (line === undefined || message.startsWith("`")) return null;
  const heredoc = /^warning: here-document at line (\d+) delimited by end-of-file \(wanted [`'](.*)'\)$/.exec(
    message,
  );
  if (heredoc === null) return { line: Number(line), message: `${message}.`.replace(/\.\.$/, ".") };
  return {
    line: Number(heredoc[1]),
    message: `The heredoc that begins here has no end: no line is exactly ${heredoc[2] ?? ""}.`,
  };
}

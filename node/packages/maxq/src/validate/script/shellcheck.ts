import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { faultOfLine, type Fault } from "../finding.js";

const patienceMs = 120_000;
const mostOutput = 256 * 1024 * 1024;

/** What shellcheck found, by file; null where it is not installed. */
export type ShellcheckFaults = ReadonlyMap<string, readonly Fault[]> | null;

interface Comment {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: number;
  readonly message: string;
}

/** Asks shellcheck for errors and warnings, not for matters of style. `# shellcheck disable=` in a script is heeded. */
export async function shellcheck(files: readonly string[]): Promise<ShellcheckFaults> {
  if (files.length === 0) return new Map();
  const answer = await ask(files);
  if (answer === null) return null;
  const { comments } = JSON.parse(answer) as { readonly comments: readonly Comment[] };
  const faults = new Map<string, Fault[]>();
  for (const { file, line, column, code, message } of comments) {
    const text = await readFile(file, "utf8");
    const cure = `https://www.shellcheck.net/wiki/SC${code} says why and what to write instead.`;
    const fault = faultOfLine(text, line, { code: `SC${code}`, message, cure }, column);
    faults.set(file, [...(faults.get(file) ?? []), fault]);
  }
  return faults;
}

/** Its answer as JSON; null if there is no such program. */
function ask(files: readonly string[]): Promise<string | null> {
  const args = ["--format=json1", "--severity=warning", "--", ...files];
  return new Promise((resolve, reject) => {
    execFile("shellcheck", args, { timeout: patienceMs, maxBuffer: mostOutput }, (error, stdout, stderr) => {
      // 1: it found something.
      if (error === null || error.code === 1) resolve(stdout);
      else if (error.code === "ENOENT") resolve(null);
      else
        reject(
          new Error(
            `shellcheck failed: ${stderr.trim() || error.message}. Correct its installation, or remove it.`,
          ),
        );
    });
  });
}

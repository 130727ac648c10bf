import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { basename, delimiter, dirname, isAbsolute, join } from "node:path";
import { closest, didYouMean, shellWord } from "@maxq/core";
import { faultAt, type Fault } from "../finding.js";

/** What the first line says: which program will read the script, or what is wrong. */
export type Interpreter =
  | { readonly reason: "found"; readonly name: string; readonly path: string }
  /** `isShell`: a shell's script all the same, as far as can be told. */
  | { readonly reason: "fault"; readonly fault: Fault; readonly isShell: boolean };

const usual = "Put #!/usr/bin/env bash on the first line.";

/** Looks at a script's first line as the kernel and `env` do. */
export function inspectInterpreter(text: string, file: string): Interpreter {
  const fault: MakeFault = (offset, message, cure, isShell = false) => {
    const found = faultAt(text, offset, { code: "SCRIPT_BAD_INTERPRETER", message, cure });
    return { reason: "fault", fault: found, isShell };
  };
  if (text.startsWith("\ufeff"))
    return fault(
      0,
      "The file begins with a byte order mark, so the kernel does not see its #!.",
      `Run sed -i '1s/^\\xEF\\xBB\\xBF//' ${shellWord(file)}`,
    );
  if (!text.startsWith("#!")) {
    const late = text.indexOf("\n#!");
    return late >= 0 && text.slice(0, late).trim() === ""
      ? fault(
          late + 1,
          "The #! is not on the first line, so the kernel does not see it.",
          "Remove what stands before it.",
        )
      : fault(0, "The file does not begin with #!, so the kernel cannot start it.", usual, true);
  }
  const end = text.indexOf("\n");
  const line = text.slice(0, end < 0 ? text.length : end);
  if (line.endsWith("\r"))
    return fault(
      line.length - 1,
      "The first line ends with CRLF, as Windows has it: the kernel looks for an interpreter whose name ends with CR.",
      `Run sed -i 's/\\r$//' ${shellWord(file)}`,
    );
  const [, blanks = "", program = "", rest = ""] = /^#!([ \t]*)(\S*)[ \t]*(.*)$/s.exec(line.trimEnd()) ?? [];
  const at = 2 + blanks.length;
  if (program === "") return fault(at, "The #! names no interpreter.", usual);
  if (!isAbsolute(program))
    return fault(
      at,
      `The interpreter ${program} is no absolute path, so the kernel looks for it in the step's directory.`,
      `Write #!/usr/bin/env ${program}.`,
    );
  if (!isProgram(program) && existsSync(program)) return notExecutable(program, at, fault);
  if (!isProgram(program))
    return fault(
      at,
      `There is no program ${program} on this machine.${didYouMean(basename(program), programsIn(dirname(program)))}`,
      usual,
      looksLikeShell(basename(program)),
    );
  if (basename(program) !== "env") return { reason: "found", name: basename(program), path: program };
  return throughEnv(rest, text.indexOf(rest, at + program.length), fault);
}

type MakeFault = (offset: number, message: string, cure: string, isShell?: boolean) => Interpreter;

function notExecutable(program: string, at: number, fault: MakeFault): Interpreter {
  return fault(
    at,
    `The interpreter ${program} is there, but is no file that you may execute.`,
    `If it is a program, run chmod +x ${shellWord(program)}; else name another interpreter.`,
    looksLikeShell(basename(program)),
  );
}

function throughEnv(rest: string, at: number, fault: MakeFault): Interpreter {
  const splits = /^(-S|--split-string=?)\s*/.exec(rest);
  const words = rest.slice(splits?.[0].length ?? 0).split(/[ \t]+/);
  const name = words.find((word) => !word.startsWith("-") && !word.includes("=")) ?? "";
  if (splits === null && words.length > 1)
    return fault(
      at,
      `The kernel hands env all of "${rest}" as one argument, so it looks for a program of that name.`,
      `Write #!/usr/bin/env -S ${rest}, or use set in the script.`,
      looksLikeShell(words[0] ?? ""),
    );
  if (name === "") return fault(at, "env is not told which program to start.", usual);
  const path = isAbsolute(name) ? (isProgram(name) ? name : null) : inPath(name);
  if (path !== null) return { reason: "found", name: basename(name), path };
  if (isAbsolute(name) && existsSync(name)) return notExecutable(name, at + rest.lastIndexOf(name), fault);
  const near = searchPath().flatMap(programsIn);
  return fault(
    at + rest.lastIndexOf(name),
    `There is no program ${name} in this machine's PATH.${didYouMean(name, near)}`,
    `Install ${name}, or name another program.`,
    looksLikeShell(name),
  );
}

/** Whether a shell was probably meant, so that one can read the script all the same. */
function looksLikeShell(name: string): boolean {
  return closest(name, ["bash", "sh", "dash", "zsh", "ksh"]) !== undefined;
}

function searchPath(): string[] {
  return (process.env.PATH ?? "").split(delimiter).filter((directory) => directory !== "");
}

function inPath(name: string): string | null {
  return (
    searchPath()
      .map((directory) => join(directory, name))
      .find(isProgram) ?? null
  );
}

/** Shells and the like that may have been meant: all programs would suggest nonsense. */
function programsIn(directory: string): string[] {
  try {
    return readdirSync(directory).filter((name) =>
      /^(bash|sh|dash|zsh|ksh|env|python3?|node|perl|ruby)$/.test(name),
    );
  } catch {
    return [];
  }
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

import { readFile } from "node:fs/promises";
import { shellWord } from "@maxq/core";
import { faultAt, type Fault } from "../finding.js";
import { literalsOf } from "../shell/literals.js";
import { inspectJson } from "../stage/inspect-json.js";
import { inspectStages } from "../stage/inspect-stages.js";
import { inspectInterpreter, type Interpreter } from "./interpreter.js";
import { inspectSyntax } from "./syntax.js";

/** What is wrong with one script, and whether it is worth asking shellcheck about. */
export interface Inspected {
  readonly faults: readonly Fault[];
  /** A shell's script that a shell can read. */
  readonly isSoundShell: boolean;
}

const ELF = Buffer.from("\x7fELF", "latin1");

/** Reads a script and looks at everything that can be told without running it. `stepNames`: of a `flow.sh`, the directories below `steps/`; null of a step's script. */
export async function inspectScript(file: string, stepNames: readonly string[] | null): Promise<Inspected> {
  const content = await readFile(file);
  if (content.subarray(0, 4).equals(ELF)) return { faults: [], isSoundShell: false };
  const text = content.toString("utf8");
  const interpreter = inspectInterpreter(text, file);
  const lineEnds = interpreter.reason === "fault" ? [] : inspectLineEnds(text, file);
  const first: Fault[] = interpreter.reason === "fault" ? [interpreter.fault] : lineEnds;
  const shell = shellOf(interpreter);
  // Wrong line ends make everything after them look wrong, too.
  if (shell === null || lineEnds.length > 0) return { faults: first, isSoundShell: false };
  const syntax = await inspectSyntax(text, file, shell);
  const literals = literalsOf(text);
  const json = stepNames === null ? [] : inspectStages(text, literals, stepNames);
  const other = json.length === 0 ? inspectJson(text, literals) : [];
  return {
    faults: [...first, ...syntax, ...json, ...other],
    isSoundShell: first.length === 0 && syntax.length === 0,
  };
}

function inspectLineEnds(text: string, file: string): Fault[] {
  const at = text.indexOf("\r\n");
  if (at < 0) return [];
  const more = text.split("\r\n").length - 2;
  return [
    faultAt(text, at, {
      code: "SCRIPT_LINE_ENDS",
      message: `This line ends with CRLF, as Windows has it${more > 0 ? `, and so do ${more} more` : ""}: the shell takes the CR for a part of the last word.`,
      cure: `Run sed -i 's/\\r$//' ${shellWord(file)}`,
    }),
  ];
}

/** The shell to try a script with: its own; bash where its line names none that is there. Null: it is no shell's script. */
function shellOf(interpreter: Interpreter): string | null {
  if (interpreter.reason === "fault") return interpreter.isShell ? "bash" : null;
  return /^(bash|sh|dash|ash|ksh|zsh)$/.test(interpreter.name) ? interpreter.path : null;
}

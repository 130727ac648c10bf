import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { errors, isStepName, shellWord } from "@maxq/core";
import type { Fault } from "../finding.js";

/** A fault and the file or directory that has it. */
export interface Located {
  readonly file: string;
  readonly fault: Fault;
}

/** What a flow's directory holds. */
export interface Layout {
  /** Names of the directories below `steps/` that may be steps, in order. */
  readonly stepNames: readonly string[];
  readonly faults: readonly Located[];
}

/** Looks at the names and places of a flow's files, without opening one. */
export function inspectLayout(directory: string): Layout {
  const steps = join(directory, "steps");
  const stepNames: string[] = [];
  const faults: Located[] = [];
  for (const name of namesIn(steps)) {
    const path = join(steps, name);
    if (!isDirectory(path)) {
      if (name.endsWith(".sh")) faults.push(misplaced(path, join(steps, name.slice(0, -3), "step.sh")));
    } else if (isStepName(name)) stepNames.push(name);
    else if (existsSync(join(path, "step.sh"))) faults.push(badName(path, name, "step"));
  }
  for (const name of namesIn(directory)) {
    const script = join(directory, name, "step.sh");
    if (name !== "steps" && existsSync(script)) faults.push(misplaced(script, join(steps, name, "step.sh")));
  }
  return { stepNames, faults };
}

/** A directory whose name keeps it from being a flow or a step. */
export function badName(path: string, name: string, noun: "flow" | "step"): Located {
  const allowed = noun === "flow" ? `letters, digits, "_", "-" and "."` : `letters, digits, "_" and "-"`;
  const message = `"${name}" is no name for a ${noun}: it may hold ${allowed}, at most 128, and begin with a letter, a digit or "_".`;
  const cure = `Rename the directory: ${JSON.stringify(path)}. ${errors.INVALID_NAME.cure}`;
  return { file: path, fault: { code: "INVALID_NAME", message, cure, line: 1, column: 1, excerpt: "" } };
}

function misplaced(from: string, to: string): Located {
  const message = "A step's script stands at steps/NAME/step.sh; MaxQ does not find this one.";
  const cure = `Move it: mkdir -p ${shellWord(join(to, ".."))} && mv ${shellWord(from)} ${shellWord(to)}`;
  return { file: from, fault: { code: "SCRIPT_MISPLACED", message, cure, line: 1, column: 1, excerpt: "" } };
}

/** In order, hidden ones left out; none where there is no such directory. */
export function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => !name.startsWith("."))
      .sort();
  } catch {
    return [];
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

import { join } from "node:path";
import { errors, shellWord } from "@maxq/core";
import { locateScript } from "@maxq/executor";
import type { Fault } from "../finding.js";
import { inspectScript } from "../script/inspect-script.js";
import { inspectLayout, type Located } from "./layout.js";
import { nearby } from "./nearby.js";

/** What was found in one flow, and those of its shell scripts that a shell can read. */
export interface InspectedFlow {
  readonly faults: readonly Located[];
  readonly shellScripts: readonly string[];
}

/** Everything that can be told about a flow from its files. `directory` is its real path. */
export async function inspectFlow(directory: string): Promise<InspectedFlow> {
  const layout = inspectLayout(directory);
  const faults: Located[] = [...layout.faults];
  const shellScripts: string[] = [];
  const scripts = [
    { at: directory, name: "flow.sh", stepNames: layout.stepNames },
    ...layout.stepNames.map((step) => ({
      at: join(directory, "steps", step),
      name: "step.sh",
      stepNames: null,
    })),
  ];
  for (const { at, name, stepNames } of scripts) {
    const file = join(at, name);
    const located = locateScript(directory, at, name);
    if (located.reason !== "ok") faults.push({ file, fault: locationFault(located, at, name) });
    if (located.reason !== "ok" && located.reason !== "not_executable") continue;
    const inspected = await inspectScript(file, stepNames);
    faults.push(...inspected.faults.map((fault) => ({ file, fault })));
    if (inspected.isSoundShell) shellScripts.push(file);
  }
  return { faults, shellScripts };
}

type Missing = Exclude<ReturnType<typeof locateScript>, { readonly reason: "ok" }>;

/** A script that cannot be had, at the first place of its file. */
function locationFault({ reason, message }: Missing, directory: string, name: string): Fault {
  const codes = {
    bad_name: "INVALID_NAME",
    no_root: "UNAVAILABLE",
    flow_not_found: "FLOW_NOT_FOUND",
    not_found: "SCRIPT_NOT_FOUND",
    not_executable: "SCRIPT_NOT_EXECUTABLE",
    outside: "SCRIPT_OUTSIDE_FLOW",
  } as const;
  const code = codes[reason];
  const file = join(directory, name);
  const cures: Partial<Record<Missing["reason"], string>> = {
    not_found: nearby(directory, name) ?? `Create ${file} and run chmod +x on it.`,
    not_executable: `Run chmod +x ${shellWord(file)}`,
  };
  return {
    code,
    message: sentence(message),
    cure: cures[reason] ?? errors[code].cure,
    line: 1,
    column: 1,
    excerpt: "",
  };
}

/** What happened alone: what to do comes as the cure. */
function sentence(message: string): string {
  return message.replace(/: (create it|run chmod|put a).*$/, ".");
}

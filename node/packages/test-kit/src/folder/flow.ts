import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { aFolder } from "./temporary.js";

/** Texts of the scripts. A text without `#!` gets bash's. */
export interface FlowScripts {
  readonly flow: string;
  readonly steps?: Readonly<Record<string, string>>;
}

/** Where a flow is. */
export interface FlowFolder {
  readonly name: string;
  /** What `MAXQ_FLOWS_ROOT` is to be. */
  readonly root: string;
  readonly directory: string;
}

/** Writes a flow's directory, below a flows root that exists or a temporary one. */
export function aFlow(name: string, scripts: FlowScripts, root = aFolder("flows")): FlowFolder {
  const directory = join(root, name);
  aScript(join(directory, "flow.sh"), scripts.flow);
  for (const [step, text] of Object.entries(scripts.steps ?? {}))
    aScript(join(directory, "steps", step, "step.sh"), text);
  return { name, root, directory };
}

/** Writes an executable script, with the directories above it. */
export function aScript(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text.startsWith("#!") ? text : `#!/bin/bash\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

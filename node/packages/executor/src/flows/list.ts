import { access, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isFlowName, isStepName } from "@maxq/core";

/** Directories below `root` that have a valid name and hold a `flow.sh`, in order; none if there is no root. */
export function listFlowNames(root: string): Promise<string[]> {
  return directoriesWith(root, "flow.sh", isFlowName);
}

/** Directories below `steps/` that have a valid name, in order, with or without a `step.sh`. */
export function listStepNames(flowDirectory: string): Promise<string[]> {
  return directoriesWith(join(flowDirectory, "steps"), ".", isStepName);
}

async function directoriesWith(
  parent: string,
  file: string,
  isName: (name: string) => boolean,
): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  const names: string[] = [];
  for (const entry of entries) {
    if (!(entry.isDirectory() || entry.isSymbolicLink()) || !isName(entry.name)) continue;
    const there = await access(join(parent, entry.name, file)).then(
      () => true,
      () => false,
    );
    if (there) names.push(entry.name);
  }
  return names.sort();
}

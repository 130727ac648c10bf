import { existsSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { errors, isFlowName } from "@maxq/core";
import { badName, namesIn, type Located } from "./layout.js";

/** A directory that is, or was meant to be, a flow. */
export interface FoundFlow {
  readonly name: string;
  /** Its real path. */
  readonly directory: string;
  /** What is wrong with the directory itself. */
  readonly faults: readonly Located[];
}

/** The flows below a root, in order: directories that hold a `flow.sh`, or `steps`. */
export function findFlows(root: string): FoundFlow[] {
  return namesIn(root)
    .map((name) => join(root, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
    .filter((path) => existsSync(join(path, "flow.sh")) || existsSync(join(path, "steps")))
    .map((path) => foundFlow(root, path.slice(root.length + 1)));
}

/** One flow; null if there is no such directory. */
export function findFlow(root: string, name: string): FoundFlow | null {
  const isThere = statSync(join(root, name), { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isThere ? foundFlow(root, name) : null;
}

function foundFlow(root: string, name: string): FoundFlow {
  const path = join(root, name);
  const directory = realpathSync(path);
  const faults: Located[] = [];
  if (!isFlowName(name)) faults.push(badName(path, name, "flow"));
  if (!directory.startsWith(realpathSync(root) + sep)) {
    const message = `The link leads to ${directory}, outside the flows root: MaxQ does not follow it.`;
    const { cure } = errors.SCRIPT_OUTSIDE_FLOW;
    faults.push({
      file: path,
      fault: { code: "SCRIPT_OUTSIDE_FLOW", message, cure, line: 1, column: 1, excerpt: "" },
    });
  }
  return { name, directory, faults };
}

import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { isFlowName, isStepName, shellWord } from "@maxq/core";

/** Where a script is, or why it cannot be run. Messages say what, to what, and what to do next. */
export type ScriptLocation =
  /** `path` is executed in `cwd`; both are free of links, the script's own name aside. */
  | { readonly reason: "ok"; readonly path: string; readonly cwd: string }
  /** The name does not match the pattern, so nothing was looked for. */
  | { readonly reason: "bad_name"; readonly message: string }
  /** There is no flows root, as where its disk is not mounted: nothing is known about its flows. */
  | { readonly reason: "no_root"; readonly message: string }
  /** No such flow. */
  | { readonly reason: "flow_not_found"; readonly message: string }
  /** The flow is there, the script is not, or is no regular file. */
  | { readonly reason: "not_found"; readonly message: string }
  /** The execute bit is missing. */
  | { readonly reason: "not_executable"; readonly message: string }
  /** A link leads out of the flow's directory, or the flow's own out of the flows root. */
  | { readonly reason: "outside"; readonly message: string };

/** Why a script cannot be run. */
export type ScriptProblem = Exclude<ScriptLocation, { readonly reason: "ok" }>;

/** Where a flow's directory is, or why there is none. */
export type FlowLocation = { readonly reason: "ok"; readonly directory: string } | ScriptProblem;

/** Finds a flow's directory below the root. Touches the disk at each call. */
export function locateFlow(root: string, flowName: string): FlowLocation {
  if (!isFlowName(flowName)) {
    const message = `"${flowName}" is not a flow name: use letters, digits, "_", "-" and ".", at most 128.`;
    return { reason: "bad_name", message };
  }
  const named = join(root, flowName);
  const directory = realPath(named);
  if (directory === null) {
    if (!isDirectory(root)) {
      const message = `There is no flows root ${root}: create it, mount its disk, or name another one (--flows, MAXQ_FLOWS_ROOT).`;
      return { reason: "no_root", message };
    }
    return {
      reason: "flow_not_found",
      message: `There is no flow "${flowName}": create ${join(named, "flow.sh")}.`,
    };
  }
  const realRoot = realPath(root);
  if (realRoot === null || !isInside(realRoot, directory)) {
    const message = `${named} leads to ${directory}, outside the flows root: move the flow to ${root} itself.`;
    return { reason: "outside", message };
  }
  return { reason: "ok", directory };
}

/** Finds a flow's `flow.sh`. */
export function locateFlowScript(root: string, flowName: string): ScriptLocation {
  const flow = locateFlow(root, flowName);
  return flow.reason === "ok" ? locateScript(flow.directory, flow.directory, "flow.sh") : flow;
}

/** Finds the `step.sh` of a step of a flow. */
export function locateStepScript(root: string, flowName: string, stepName: string): ScriptLocation {
  if (!isStepName(stepName)) {
    const message = `"${stepName}" is not a step name: use letters, digits, "_" and "-", at most 128.`;
    return { reason: "bad_name", message };
  }
  const flow = locateFlow(root, flowName);
  if (flow.reason !== "ok") return flow;
  return locateScript(flow.directory, join(flow.directory, "steps", stepName), "step.sh");
}

/** The rule for every script: a regular executable file that is inside the flow's directory once links are resolved. */
export function locateScript(flowDirectory: string, directory: string, name: string): ScriptLocation {
  const named = join(directory, name);
  const target = realPath(named);
  const cwd = realPath(directory);
  if (target === null || cwd === null) {
    return { reason: "not_found", message: `${named} does not exist: create it and make it executable.` };
  }
  for (const path of [cwd, target]) {
    if (isInside(flowDirectory, path)) continue;
    const message = `${named} leads to ${path}, outside the flow's directory: put a copy inside ${flowDirectory}.`;
    return { reason: "outside", message };
  }
  if (!statSync(target).isFile()) {
    return { reason: "not_found", message: `${named} is not a regular file: put a script there.` };
  }
  if (!isExecutable(target)) {
    return {
      reason: "not_executable",
      message: `${named} is not executable: run chmod +x ${shellWord(named)}`,
    };
  }
  return { reason: "ok", path: join(cwd, name), cwd };
}

/** Where a directory and a script in it are once links are resolved, as one text; null if one of them is not there. */
export function leadsTo(directory: string, name: string): string | null {
  const cwd = realPath(directory);
  const target = realPath(join(directory, name));
  return cwd === null || target === null ? null : `${cwd}\0${target}`;
}

function isInside(directory: string, path: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}

function realPath(path: string): string | null {
  try {
    return realpathSync.native(path);
  } catch {
    return null; // missing, a dangling link, a loop of links, or no permission to look
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

import { basename, dirname, resolve } from "node:path";

/** A name is looked for below the flows root; with a slash it is the path of the flow's directory itself. */
export function locateFlow(flow: string, flowsRoot: string): { flowName: string; flowsRoot: string } {
  if (!flow.includes("/") && flow !== "." && flow !== "..")
    return { flowName: flow, flowsRoot: resolve(flowsRoot) };
  const path = resolve(flow);
  return { flowName: basename(path), flowsRoot: dirname(path) };
}

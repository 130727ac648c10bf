import type { FlowDirectory } from "@maxq/core";

/** Tells a flow's title, null if it has none. */
export type FlowTitle = (flowName: string) => Promise<string | null>;

const freshForMs = 1_000;
const mostRemembered = 1_000;

/** Titles, remembered for a second, because finding one reads every script of the flow and runs may be triggered by the thousand. */
export function flowTitles(flows: FlowDirectory): FlowTitle {
  const remembered = new Map<string, { readonly title: Promise<string | null>; readonly until: number }>();
  return (flowName) => {
    const now = performance.now();
    const known = remembered.get(flowName);
    if (known !== undefined && now < known.until) return known.title;
    if (remembered.size >= mostRemembered) remembered.clear();
    const title = flows.describe(flowName).then((flow) => flow?.title ?? null);
    remembered.set(flowName, { title, until: now + freshForMs });
    return title;
  };
}

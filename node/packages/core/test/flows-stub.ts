import { problem, type FlowDirectory } from "@maxq/core";

/** Flows of which only the named scripts exist; notes what was asked. */
export function flowsWith(...scripts: string[]): FlowDirectory & { readonly asked: string[][] } {
  const asked: string[][] = [];
  return {
    asked,
    list: () => Promise.resolve([]),
    describe: () => Promise.resolve(null),
    checkFlow: () => Promise.resolve(null),
    checkSteps: (_flow, names) => {
      asked.push([...names]);
      const missing = names.find((name) => !scripts.includes(name));
      return Promise.resolve(missing === undefined ? null : problem("SCRIPT_NOT_FOUND", `no ${missing}`));
    },
  };
}

/** A run without stages. */
export const hasNone = (): Promise<boolean> => Promise.resolve(false);

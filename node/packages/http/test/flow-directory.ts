import { problem, type Flow, type FlowDirectory } from "@maxq/core";

/** A flow directory that has these flows with these step scripts, without a disk. */
export function someFlows(flows: Readonly<Record<string, readonly string[]>>): FlowDirectory {
  const describe = (name: string): Flow | null => {
    const steps = Object.hasOwn(flows, name) ? flows[name]! : null;
    if (steps === null) return null;
    return {
      name,
      title: `The ${name} flow`,
      description: null,
      steps,
      problems: [],
      sourceHash: "0".repeat(64),
    };
  };
  return {
    list: () => Promise.resolve(Object.keys(flows).map((name) => describe(name)!)),
    describe: (name) => Promise.resolve(describe(name)),
    checkFlow: (name) =>
      Promise.resolve(
        describe(name) === null ? problem("FLOW_NOT_FOUND", `There is no flow ${name}.`) : null,
      ),
    checkSteps: (name, steps) => {
      const missing = steps.find((step) => !describe(name)?.steps.includes(step));
      return Promise.resolve(
        missing === undefined ? null : problem("SCRIPT_NOT_FOUND", `There is no steps/${missing}/step.sh.`),
      );
    },
  };
}

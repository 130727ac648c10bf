import { createScriptRunner } from "@maxq/executor";
import type { ScriptStart } from "@maxq/core";
import { aFolder } from "@maxq/test-kit";
import { childrenOf, cpuOf } from "../program/cpu.js";
import { engineEnvironment } from "../program/engine.js";

/** What a script is started as, where it matters. */
export type BareStart = Pick<ScriptStart, "kind" | "flowName"> & Partial<ScriptStart>;

/** How long a loop took, and whose CPU time it was, in ms. */
export interface LoopTime {
  readonly ms: number;
  /** Of the process that runs the loop. */
  readonly loop: number;
  readonly launcher: number;
  readonly scripts: number;
}

/** MaxQ's launcher and the client that starts scripts through it, and nothing else of MaxQ. */
export interface BareLauncher {
  /** Starts all of them in order, `width` at a time, with the input `{}` and default capture. Rejects unless each exits with 0. */
  loop(starts: readonly BareStart[], width: number): Promise<LoopTime>;
  /** Mean time of one start in a loop of one after the other, in ms. */
  each(start: BareStart, times: number): Promise<number>;
  close(): Promise<void>;
}

/** @param input what scripts find in `$MAXQ_INPUT` */
export async function bareLauncher(flowsRoot: string, input: unknown = {}): Promise<BareLauncher> {
  const others = new Set(childrenOf(process.pid));
  const runner = await createScriptRunner({
    flowsRoot,
    workDir: aFolder("launcher"),
    baseEnv: engineEnvironment(),
    loadInput: () => Promise.resolve(JSON.stringify(input)),
  });
  const launcher = childrenOf(process.pid).find((pid) => !others.has(pid))!;
  let count = 0;
  const one = async (start: BareStart): Promise<void> => {
    const { end, stderr } = await runner.start(complete(start, count++)).ended;
    if (end.reason !== "exited" || end.exitCode !== 0)
      throw new Error(`${start.flowName}: ${JSON.stringify(end)} ${stderr.text}`);
  };
  const loop = async (starts: readonly BareStart[], width: number): Promise<LoopTime> => {
    let next = 0;
    const lane = async (): Promise<void> => {
      for (let start = starts[next++]; start !== undefined; start = starts[next++]) await one(start);
    };
    const [own, child, begin] = [cpuOf(process.pid).own, cpuOf(launcher), performance.now()];
    await Promise.all(Array.from({ length: width }, lane));
    const ms = performance.now() - begin;
    const after = cpuOf(launcher);
    return {
      ms,
      loop: cpuOf(process.pid).own - own,
      launcher: after.own - child.own,
      scripts: after.children - child.children,
    };
  };
  return {
    loop,
    each: async (start, times) => (await loop(Array<BareStart>(times).fill(start), 1)).ms / times,
    close: () => runner.close(),
  };
}

/** With values as long as an engine's. */
function complete(start: BareStart, index: number): ScriptStart {
  return {
    runId: "01a2007c-8f35-7b50-918f-8380cda702fc",
    attemptKey: `${index}.1`,
    attempt: 1,
    stepId: `work.noop.${index}`,
    stepName: start.kind === "step" ? "noop" : "",
    stageName: start.kind === "step" ? "work" : "",
    sequence: 0,
    completedStage: "",
    failedStage: "",
    env: {},
    api: `http://127.0.0.1:30000/api/v1/as/${"x".repeat(80)}`,
    apiKey: "x".repeat(80),
    timeoutMs: null,
    ...start,
  };
}

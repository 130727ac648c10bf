import { resolve } from "node:path";
import type { Flow, FlowDirectory as Flows, Problem } from "@maxq/core";
import { describeFlow } from "./describe.js";
import { listFlowNames } from "./list.js";
import { fileProblem, locationProblem } from "./problem.js";
import {
  locateFlow,
  locateFlowScript,
  locateStepScript,
  type ScriptLocation,
  type ScriptProblem,
} from "./resolve.js";

const CACHE_MS = 1000;
const CACHE_MOST = 10_000;

/** A step of a stage that cannot be scheduled. */
export interface StepProblem {
  readonly stepName: string;
  readonly problem: ScriptProblem;
}

/**
 * The flows below one root. Where a script is, is remembered for a second once it was found good; what it holds is
 * read by the kernel at each start, so an edit takes effect at once. What was found bad is looked at again each time.
 */
export class FlowDirectory implements Flows {
  readonly root: string;
  readonly #found = new Map<string, { readonly location: ScriptLocation; readonly until: number }>();

  constructor(root: string) {
    this.root = resolve(root);
  }

  /** All flows, sorted by name: directories that hold a `flow.sh`. */
  async list(): Promise<Flow[]> {
    const flows: Flow[] = [];
    for (const name of await listFlowNames(this.root)) {
      const flow = await this.describe(name);
      if (flow !== null) flows.push(flow);
    }
    return flows;
  }

  /** Everything about one flow; null if there is no such directory below the root. */
  async describe(flowName: string): Promise<Flow | null> {
    const flow = await describeFlow(this.root, flowName);
    return flow === null ? null : { ...flow, problems: flow.problems.map(fileProblem) };
  }

  checkFlow(flowName: string): Promise<Problem | null> {
    const flow = locateFlow(this.root, flowName);
    if (flow.reason === "ok") return Promise.resolve(null);
    const found = locationProblem(flow, { flowName });
    return Promise.resolve(flow.reason === "outside" ? { ...found, code: "FLOW_NOT_FOUND" } : found);
  }

  checkSteps(flowName: string, stepNames: readonly string[]): Promise<Problem | null> {
    const [first] = this.stepProblems(flowName, stepNames);
    return Promise.resolve(
      first === undefined ? null : locationProblem(first.problem, { flowName, name: first.stepName }),
    );
  }

  /** Where `flow.sh` is. */
  flowScript(flowName: string): ScriptLocation {
    return this.#remembered(flowName, () => locateFlowScript(this.root, flowName));
  }

  /** Where the `step.sh` of a step is. */
  stepScript(flowName: string, stepName: string): ScriptLocation {
    return this.#remembered(`${flowName}/${stepName}`, () => locateStepScript(this.root, flowName, stepName));
  }

  /** Which of these steps cannot be run; names may repeat. */
  stepProblems(flowName: string, stepNames: Iterable<string>): StepProblem[] {
    const problems: StepProblem[] = [];
    for (const stepName of new Set(stepNames)) {
      const problem = this.stepScript(flowName, stepName);
      if (problem.reason !== "ok") problems.push({ stepName, problem });
    }
    return problems;
  }

  #remembered(key: string, locate: () => ScriptLocation): ScriptLocation {
    const now = performance.now();
    const known = this.#found.get(key);
    if (known !== undefined && now < known.until) return known.location;
    const location = locate();
    if (this.#found.size >= CACHE_MOST) this.#found.clear();
    if (location.reason === "ok") this.#found.set(key, { location, until: now + CACHE_MS });
    else this.#found.delete(key);
    return location;
  }
}

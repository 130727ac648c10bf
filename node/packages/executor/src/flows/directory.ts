import { join, resolve } from "node:path";
import type { Flow, FlowDirectory as Flows, Problem } from "@maxq/core";
import { describeFlow } from "./describe.js";
import { listFlowNames } from "./list.js";
import { fileProblem, locationProblem } from "./problem.js";
import {
  leadsTo,
  locateFlow,
  locateFlowScript,
  locateStepScript,
  type ScriptLocation,
  type ScriptProblem,
} from "./resolve.js";

/** A script that was found good is looked at again as a whole after so long. */
const CACHE_MS = 1000;
/** Starts of one moment share a look at where the links lead: nothing that was done before one of them can have been told to the others by then. */
const SAME_MOMENT_MS = 1;
const CACHE_MOST = 10_000;

/** A step of a stage that cannot be scheduled. */
export interface StepProblem {
  readonly stepName: string;
  readonly problem: ScriptProblem;
}

interface Found {
  readonly location: ScriptLocation;
  readonly leadsTo: string;
  readonly until: number;
  lookedAt: number;
}

/**
 * The flows below one root. Where a script is, is remembered for a second once it was found good, as long as the links on the way lead there, which costs 10 µs to see;
 * what it holds is read by the kernel at each start. So an edit takes effect at once, of a link as well. What was found bad is looked at again each time.
 */
export class FlowDirectory implements Flows {
  readonly root: string;
  readonly #found = new Map<string, Found>();

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
    // Without the flows root nothing can be said of them: their starts look again.
    const [first] = this.stepProblems(flowName, stepNames).filter(
      ({ problem }) => problem.reason !== "no_root",
    );
    return Promise.resolve(
      first === undefined ? null : locationProblem(first.problem, { flowName, name: first.stepName }),
    );
  }

  /** Where `flow.sh` is. */
  flowScript(flowName: string): ScriptLocation {
    return this.#remembered(flowName, "flow.sh", () => locateFlowScript(this.root, flowName));
  }

  /** Where the `step.sh` of a step is. */
  stepScript(flowName: string, stepName: string): ScriptLocation {
    return this.#remembered(`${flowName}/steps/${stepName}`, "step.sh", () =>
      locateStepScript(this.root, flowName, stepName),
    );
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

  #remembered(directory: string, name: string, locate: () => ScriptLocation): ScriptLocation {
    const now = performance.now();
    const known = this.#found.get(directory);
    if (known !== undefined && now < known.until) {
      if (now - known.lookedAt < SAME_MOMENT_MS) return known.location;
      known.lookedAt = now;
      if (leadsTo(join(this.root, directory), name) === known.leadsTo) return known.location;
    }
    // In this order: what is changed between the two is seen the next time.
    const links = leadsTo(join(this.root, directory), name);
    const location = locate();
    if (this.#found.size >= CACHE_MOST) this.#found.clear();
    if (location.reason === "ok" && links !== null)
      this.#found.set(directory, { location, leadsTo: links, until: now + CACHE_MS, lookedAt: now });
    else this.#found.delete(directory);
    return location;
  }
}

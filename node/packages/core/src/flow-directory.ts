import type { Problem } from "./problem.js";

/** Something wrong with a flow's files, found without running it. */
export interface FlowProblem extends Problem {
  /** Path below the flow's directory. */
  readonly file: string;
}

/** A flow as its directory says. */
export interface Flow {
  readonly name: string;
  /** From `# title: …` in the leading comment of flow.sh; null if absent. */
  readonly title: string | null;
  readonly description: string | null;
  /** Names of the step scripts found, sorted. */
  readonly steps: readonly string[];
  readonly problems: readonly FlowProblem[];
  /** SHA-256 over flow.sh and all step scripts. */
  readonly sourceHash: string;
}

/** The flows on disk. `executor` implements it; nothing else turns names into paths. */
export interface FlowDirectory {
  /** All flows, sorted by name. */
  list(): Promise<readonly Flow[]>;
  /** One flow; null if there is no directory of that name or the name is not allowed. */
  describe(flowName: string): Promise<Flow | null>;
  /** May a run of it be made? Null if so; else FLOW_NOT_FOUND, INVALID_NAME, or UNAVAILABLE where the flows root cannot be read. A flow.sh that lacks its bit is no reason: the run will say so. */
  checkFlow(flowName: string): Promise<Problem | null>;
  /** The first of the steps' scripts that cannot be started, as a problem; null if all can. Cheap when called again within a second. */
  checkSteps(flowName: string, stepNames: readonly string[]): Promise<Problem | null>;
}

import type { Json } from "../entities.js";
import type { Problem } from "../problem.js";

/** A step as it is stored: id made, defaults filled in, dependencies counted. */
export interface PlannedStep {
  readonly id: string;
  readonly name: string;
  readonly sequence: number;
  /** Steps and gates that must complete first. */
  readonly dependencies: number;
  /** Index into `gates` of the gate that this step's end counts towards, null if nothing depends on its name as a whole. */
  readonly gate: number | null;
  /** As it was given, for people to read. */
  readonly dependsOn: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Null: the run's. */
  readonly priority: number | null;
  readonly maxRetries: number;
  readonly retryDelayMs: number;
  readonly retryBackoff: "fixed" | "exponential";
  readonly timeoutMs: number | null;
  readonly onLost: "retry" | "fail";
  readonly allowFailure: boolean;
}

/**
 * Everything of one stage, ready to be stored. Dependencies are counters: an edge from a step or a gate takes one off its target.
 * A gate is a barrier (all instances of A before any of B): one counter in place of N × M edges.
 */
export interface StagePlan {
  readonly stage: string;
  readonly final: boolean;
  readonly failFast: boolean;
  readonly recover: boolean;
  readonly maxParallel: number | null;
  /** Of a final stage: becomes the run's output when it completes; undefined if none was given. */
  readonly output: Json | undefined;
  /** SHA-256 of the normalised document: the same body has the same hash. */
  readonly hash: string;
  readonly steps: readonly PlannedStep[];
  /** How many steps each gate waits for. */
  readonly gates: readonly number[];
  /** `[from, to]`, indexes into `steps`. */
  readonly stepEdges: readonly (readonly [number, number])[];
  /** `[gate, to]`, indexes into `gates` and `steps`. */
  readonly gateEdges: readonly (readonly [number, number])[];
  /** Names in `dependsOn` that the stage does not have: each must be a completed step of an earlier stage of the run. `by` is the first step that names it. */
  readonly external: readonly { readonly id: string; readonly by: string }[];
}

/** What a flow call asks for when it ends with exit 0. */
export type FlowDocument =
  | { readonly reason: "none" }
  | { readonly reason: "stage"; readonly plan: StagePlan }
  /** `{"final": true}` alone. */
  | { readonly reason: "final"; readonly output: Json | undefined }
  | { readonly reason: "invalid"; readonly problem: Problem };

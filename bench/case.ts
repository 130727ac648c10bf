import type { BenchContext } from "./session/context.js";

export type DatabaseKind = "postgres" | "sqlite";

/** What a figure has to keep. */
export type Bound = { readonly atLeast: number } | { readonly atMost: number };

/** How a measured figure is set against its reference, round by round. */
export type Comparison = "reference ÷ measured" | "measured ÷ reference" | "measured − reference";

/** One figure of a case: what was measured in each round, and what was measured beside it. */
export interface Row {
  readonly what: string;
  /** Of `measured` and of the reference's: "ms", "1/s", "MB", … */
  readonly unit: string;
  /** One number a round, or a hundred: the median counts. */
  readonly measured: readonly number[];
  /** What the same took without MaxQ. As many numbers as `measured`, from the same rounds, in the same order. */
  readonly reference?: { readonly what: string; readonly measured: readonly number[] };
  /** Needs a reference. Without it the measured figure itself is judged. */
  readonly compare?: Comparison;
  /** Of the comparison where there is one, else of the measured figure. */
  readonly must?: Bound;
  readonly aim?: Bound;
  /** Digits after the point of measured and reference; 2 without it. */
  readonly digits?: number;
}

/** Something that is measured: a file of `bench/cases`, whose default export this is. */
export interface BenchCase {
  /** The file's name, and what `./scripts/bench.sh` is told. */
  readonly name: string;
  /** Its place on the page: cases are sorted by it. */
  readonly order: string;
  readonly title: string;
  /** What is measured, how, and against what: a paragraph for the page. */
  readonly measures: string;
  /** Both without it. */
  readonly databases?: readonly DatabaseKind[];
  /** Runs once for each database. It checks that the work was done, and rejects if not; with `CannotMeasure` if this machine cannot do it. */
  run(context: BenchContext): Promise<readonly Row[]>;
}

/** Thrown where this machine lacks what a case needs: it has no figures then, and the message, which says what is missing, is a note on the page. */
export class CannotMeasure extends Error {}

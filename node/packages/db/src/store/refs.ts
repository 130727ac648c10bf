import type { Problem } from "@maxq/core";

/** One attempt of a step or flow call: the fence. Every write of an attempt names it and changes nothing if a newer one exists. */
export interface AttemptRef {
  /** Internal key of the step row. */
  readonly key: number;
  /** 1-based. */
  readonly attempt: number;
}

/** An attempt of a step whose run is known, too. */
export interface TaskRef extends AttemptRef {
  readonly runId: string;
}

/** Expected refusal of a verb. Nothing was stored. */
export interface Refused {
  readonly reason: "refused";
  readonly problem: Problem;
}

/** A page of a list. `total` is exact to 1,000 and an estimate beyond (`totalIsEstimate`). */
export interface Page<T> {
  readonly data: readonly T[];
  readonly total: number;
  readonly totalIsEstimate: boolean;
  /** Hand it back as `cursor` for the next page; null on the last. Stays right while rows are added. */
  readonly nextCursor: string | null;
  /** The cursor asked with was none of this list in this order; nothing was looked for. */
  readonly strayCursor?: true;
}

/** Which part of a list: at most `limit` rows after the first `offset`, or after a cursor. */
export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
  /** From an earlier page; excludes `offset`. */
  readonly cursor: string | null;
}

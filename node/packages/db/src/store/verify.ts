/** A row, or rows, that one of the invariants does not allow. */
export interface Violation {
  /** Which invariant: its name, as in docs/verify.md. */
  readonly invariant: string;
  /** What kind of thing it is about: `run`, `stage`, `step`, `flow` (a flow call), `gate`, or the table of a stray row. */
  readonly noun: string;
  /** Null where the row does not lead to a run. */
  readonly runId: string | null;
  /** The step's or call's id, the stage's name, the flow's name of a run; what else names the row. */
  readonly id: string;
  readonly expected: string;
  readonly found: string;
  /** What to do about it. */
  readonly cure: string;
}

/** What must hold at any time, asked for. */
export interface VerifyStore {
  /**
   * Checks all `invariants`, and changes nothing. Each is one statement, so it sees one snapshot: what is between two commits of a worker is no violation.
   * Answers at most 100 violations of each; none means that all hold.
   */
  verify(): Promise<readonly Violation[]>;
}

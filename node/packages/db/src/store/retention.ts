/** Which finished runs of a flow are kept. A run goes when either says so; where both are null, none does. */
export interface RetentionRule {
  /** In ms, since the run's end. */
  readonly olderThanMs: number | null;
  /** The newest so many finished ones stay, by when they were created. */
  readonly keep: number | null;
}

/** A rule for every flow, and those of flows that have their own. */
export interface RetentionRules extends RetentionRule {
  readonly flows: Readonly<Record<string, RetentionRule>>;
}

/** How far a pass over the finished runs has come; can be kept as JSON. What a rule means for a flow is fixed when the pass comes to it. */
export interface PrunePlace {
  readonly flowName: string;
  /** Runs that ended before it go; -1: none. By the database's clock. */
  readonly completedBefore: number;
  /** Runs up to this one go. */
  readonly upTo: RunPlace;
  /** Runs up to this one were looked at. */
  readonly after: RunPlace;
}

/** A run in the order of creation. */
export interface RunPlace {
  readonly createdAt: number;
  readonly id: string;
}

/** One batch of a pass over the finished runs. */
export interface PruneRequest {
  readonly rules: RetentionRules;
  /** Of this flow only; null: of all. */
  readonly flowName: string | null;
  /** Null: from the beginning. */
  readonly place: PrunePlace | null;
  /** About so many rows at most in one transaction. */
  readonly rows: number;
  /** Only says what would go. */
  readonly dryRun: boolean;
}

/** What one request removed, or would remove. */
export interface Pruned {
  readonly runs: number;
  readonly steps: number;
  /** About how many; only of a dry run, else null. */
  readonly bytes: number | null;
  /** Where to go on; null: nothing is left to look at. */
  readonly next: PrunePlace | null;
}

/** Removal of finished runs. */
export interface RetentionStore {
  /**
   * Removes the oldest runs that a rule lets go, with everything of them, about as many as have so many rows in one transaction; larger ones are marked, after which nothing
   * of them can be read, and taken in pieces by further requests. Kept whatever the rules say: a run that is not over, or that was started by, or has started, a run that is not.
   */
  prune(request: PruneRequest): Promise<Pruned>;
  /** Goes on with a run whose removal was begun, and perhaps cut off: one transaction of about so many rows. False if there is none to go on with. */
  removeMarked(rows: number): Promise<boolean>;
  /** Whether this holder is the one to prune for the next so many ms: nobody else is while it is told so again in time. */
  takePruneTurn(holder: string, ms: number): Promise<boolean>;
}

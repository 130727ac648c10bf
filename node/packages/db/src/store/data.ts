import type {
  Artifact,
  Json,
  Limits,
  LogEntityType,
  LogLevel,
  RunEvent,
  RunLog,
  StepFields,
} from "@maxq/core";
import type { AttemptRef, Page, PageRequest, Refused } from "./refs.js";

/** An entry of a run's log. `entityId` is free text, null where the entry is about the run itself. */
export interface NewLog {
  readonly level: LogLevel;
  readonly message: string;
  readonly entityType: LogEntityType;
  readonly entityId: string | null;
  readonly metadata: Json;
}

/** Entries of a list fit all that is given. */
export interface LogFilter {
  readonly level?: LogLevel;
  readonly entityType?: LogEntityType;
  readonly entityId?: string;
}

/** Steps with their fields. */
export interface FieldsPage {
  readonly data: readonly StepFields[];
  /** Where the list goes on; null: it ends here. */
  readonly next: number | null;
}

/** What scripts leave for each other and for people. With a `caller`, a write is refused with ATTEMPT_OVER once that attempt has ended. */
export interface DataStore {
  /**
   * Merges into the step's fields, key by key. Answers all of them. With `limits`, they may not grow over `fieldBytes`.
   * Refused: STEP_NOT_FOUND, RUN_NOT_FOUND, ATTEMPT_OVER, PAYLOAD_TOO_LARGE.
   */
  mergeFields(
    runId: string,
    stepId: string,
    fields: Readonly<Record<string, Json>>,
    caller: AttemptRef | null,
    limits?: Limits,
  ): Promise<{ readonly reason: "merged"; readonly fields: Readonly<Record<string, Json>> } | Refused>;
  /**
   * Steps that have fields, in schedule order; all steps asked for by id, even without. Null if there is no such run.
   * As many as are held at once; `after` is `next` of those before.
   */
  listFields(
    runId: string,
    stepIds: readonly string[] | null,
    fieldName: string | null,
    after?: number,
  ): Promise<FieldsPage | null>;
  putArtifact(
    runId: string,
    name: string,
    data: Json,
    caller: AttemptRef | null,
  ): Promise<{ readonly reason: "created" | "replaced"; readonly artifact: Artifact } | Refused>;
  getArtifact(runId: string, name: string): Promise<Artifact | null>;
  /** Without their data, by name. */
  listArtifacts(runId: string, page: PageRequest): Promise<Page<Omit<Artifact, "data">>>;
  deleteArtifact(
    runId: string,
    name: string,
    caller: AttemptRef | null,
  ): Promise<{ readonly reason: "deleted" } | Refused>;
  appendLog(
    runId: string,
    log: NewLog,
    caller: AttemptRef | null,
  ): Promise<{ readonly reason: "logged"; readonly log: RunLog } | Refused>;
  /** Newest first. */
  listLogs(runId: string, filter: LogFilter, page: PageRequest): Promise<Page<RunLog>>;
  /** Events after the id, in commit order, at most `limit`; from the beginning with null. */
  readEvents(runId: string, afterId: string | null, limit: number): Promise<readonly RunEvent[]>;
  /** Is this attempt still running, and in which run? For tokens. Null if there is no such attempt. */
  attemptState(caller: AttemptRef): Promise<{ readonly runId: string; readonly live: boolean } | null>;
}

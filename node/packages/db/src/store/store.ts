import type { CensusStore } from "./census.js";
import type { DataStore } from "./data.js";
import type { RetentionStore } from "./retention.js";
import type { RunStore } from "./runs.js";
import type { StageStore } from "./stages.js";
import type { VerifyStore } from "./verify.js";
import type { WorkStore } from "./work.js";
import type { WorkerStore } from "./workers.js";

/** What a listener is told: claimable work appeared, a run changed, or a word was put on a run. */
export type WakeUp =
  | { readonly reason: "work" }
  | { readonly reason: "run"; readonly runId: string }
  | { readonly reason: "control"; readonly runId: string };

/** Wake-ups save waiting; nothing depends on them: every listener also polls. */
export interface WakeUps {
  /** Called for commits of this process at once, of other processes where the database tells (PostgreSQL). Returns how to stop. */
  onWakeUp(listener: (wakeUp: WakeUp) => void): () => void;
  /** Whether wake-ups of other processes arrive. */
  wakeUpsHealthy(): boolean;
}

/** Facts about the database for health checks and `maxq doctor`. */
export interface Health {
  readonly database: "postgres" | "sqlite";
  readonly version: string;
  /** Is the schema the one this program was built for? */
  readonly schema: "current" | "older" | "newer" | "missing" | "foreign";
  /** Would it store anything? `read_only`: it is a standby, or set so. `file_gone`: its file was removed or replaced while this process has it open. */
  readonly writes: "accepted" | "read_only" | "file_gone";
}

/**
 * The repository of MaxQ's state: domain verbs, each one transaction. Expected refusals are values; a rejected promise is a fault or `DatabaseUnavailable`.
 * Every adapter passes the conformance suite.
 */
export interface Store
  extends
    RunStore,
    StageStore,
    WorkStore,
    WorkerStore,
    DataStore,
    RetentionStore,
    VerifyStore,
    CensusStore,
    WakeUps {
  /** Rejects with `DatabaseUnavailable` if the database cannot be asked. */
  health(): Promise<Health>;
  /** A value kept by name: the first candidate wins and all callers get the same. For signing secrets and the generated key. */
  settingOnce(name: string, candidate: string): Promise<string>;
  /** A value kept by name, null if none is. */
  setting(name: string): Promise<string | null>;
  /** Replaces a value kept by name. */
  replaceSetting(name: string, value: string): Promise<void>;
  close(): Promise<void>;
}

/** The database could not be asked, or did not answer: try again later. */
export class DatabaseUnavailable extends Error {
  override readonly name = "DatabaseUnavailable";
}

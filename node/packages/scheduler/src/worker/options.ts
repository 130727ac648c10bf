import type { FlowDirectory, IssueAccess, Limits, ScriptRunner } from "@maxq/core";
import type { LeaseView, RetentionRules, Store } from "@maxq/db";
import type { Clock } from "../clock/clock.js";
import type { Slots } from "../dispatch/capacity.js";
import type { IsProcessAlive } from "../host/process-alive.js";
import type { ProcessIdentity } from "../host/process-identity.js";
import type { WorkerInstruments } from "../instruments.js";
import type { WorkerLogger } from "../logger.js";
import type { ReadFields } from "../task/outcome.js";

/** What a worker is made of: who it is, what it works with, what bounds it, whom it tells. */
export interface WorkerOptions {
  readonly identity: WorkerIdentity;
  readonly ports: WorkerPorts;
  readonly settings: WorkerSettings;
  readonly hooks?: WorkerHooks;
  /** Processes that had this worker's place before and are gone, newest first: with an inheritance of the runner, what they owned is taken over. */
  readonly predecessors?: readonly ProcessIdentity[];
}

/** Who the worker is among workers; `ownIdentity()` tells the part about the process. */
export interface WorkerIdentity extends ProcessIdentity {
  /** Its name, e.g. `host/1@3fa9c1`. */
  readonly id: string;
  readonly role: string;
  /** Of the program. */
  readonly version: string;
}

/** What the worker works with. It closes none of them. */
export interface WorkerPorts {
  readonly store: Store;
  readonly runner: ScriptRunner;
  readonly flows: FlowDirectory;
  readonly logger: WorkerLogger;
  readonly issueAccess: IssueAccess;
  readonly readFields: ReadFields;
  /** Default: measures nothing. */
  readonly instruments?: WorkerInstruments;
  /** Default: the clock of this process. */
  readonly clock?: Clock;
  /** Default: asks /proc. */
  readonly isProcessAlive?: IsProcessAlive;
}

/** Times in ms. */
export interface WorkerSettings {
  readonly slots: Slots;
  /** MAXQ_LEASE_MS. */
  readonly leaseMs: number;
  /** The fallback poll: MAXQ_SCHEDULER_INTERVAL_MS. */
  readonly pollMs: number;
  /** Between SIGTERM and SIGKILL of aborted scripts. */
  readonly graceMs: number;
  /** Bytes stored of each output stream: MAXQ_MAX_LOG_CAPTURE. */
  readonly logCapBytes: number;
  /** Of stage documents. */
  readonly limits: Limits;
  /** Which finished runs are removed; none without it. */
  readonly retention?: RetentionRules | null;
}

/** A lease after a renewal. Times in ms. */
export interface RenewedLease {
  /** Since the request was sent. */
  readonly sentMsAgo: number;
  readonly leaseMs: number;
  /** How long scripts may run from now on: until then all must be dead, unless it is renewed again. */
  readonly mayRunMs: number;
}

/** Whom the worker tells. A hook must not throw. */
export interface WorkerHooks {
  /**
   * Runs came to their end in an exchange of this worker. Saves waiting, no more: ends that others bring about (an abort that had nothing to kill,
   * a deadline, another worker, an answer that was lost) are not told; who must know also listens to wake-ups and reads the run now and then.
   */
  readonly onRunsEnded?: (runIds: readonly string[]) => void;
  /** Nothing runs, waits or is to be recorded any more. */
  readonly onIdle?: () => void;
  /** The lease was renewed, or begun: the launcher's deadline moves. */
  readonly onLeaseRenewed?: (lease: RenewedLease) => void;
  /** The registration is there, and what was to be inherited is settled. */
  readonly onJoined?: () => void;
  /** Whether a launcher goes on without this dead worker, whose process is gone for certain: then only its lease decides, because a successor may adopt what it runs. */
  readonly isAdoptable?: (lease: LeaseView) => boolean;
  /** Kills what a dead worker of this host left behind, whose process is gone for certain; its tasks are given to others when this has resolved. */
  readonly clearRemains?: (lease: LeaseView) => Promise<void>;
}

/** How a worker stops. Times in ms. */
export interface StopOptions {
  /** How long running scripts may go on: MAXQ_DRAIN_MS. */
  readonly drainMs: number;
  /** Between SIGTERM and SIGKILL of those that do not end in that time. */
  readonly graceMs: number;
}

import type { LiveOutput, ScriptRunner } from "@maxq/core";
import type { Store, WakeUp } from "@maxq/db";
import type { Clock } from "../clock/clock.js";
import type { Reachability } from "../database/reachability.js";
import type { Dispatcher } from "../dispatch/dispatcher.js";
import type { Lease } from "../heartbeat/lease.js";
import type { Periodic } from "../service/periodic.js";
import type { Service } from "../service/service.js";
import { Drain } from "./drain.js";
import type { StageLookup } from "../task/stage-lookup.js";
import type { Membership } from "./membership.js";
import type { StopOptions } from "./options.js";
import type { Worker, WorkerStatus } from "./worker.js";

/** The timers look at what a wake-up tells of this much later, in ms. */
const AFTER_CLAIM_MS = 10;

/** What a worker is composed of. */
export interface WorkerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly reachability: Reachability;
  readonly lease: Lease;
  readonly runner: ScriptRunner;
  /** See `WorkerHooks.onJoined`. */
  readonly joined: () => void;
  readonly dispatcher: Dispatcher;
  readonly lookup: StageLookup;
  readonly membership: Membership;
  readonly heartbeat: Periodic;
  readonly rescue: Periodic;
  readonly timers: Periodic;
  readonly retention: Service;
  readonly poll: Periodic;
  readonly live: LiveOutput;
}

/** Starts and stops the services in their order. */
export class RunningWorker implements Worker {
  readonly live: LiveOutput;
  readonly #parts: WorkerParts;
  readonly #drain: Drain;
  #starting: Promise<void> | null = null;
  #stopping: Promise<void> | null = null;
  #registered = false;
  #stopListening: () => void = () => undefined;

  constructor(parts: WorkerParts) {
    this.#parts = parts;
    this.live = parts.live;
    this.#drain = new Drain(parts.dispatcher, parts.clock);
  }

  start(): Promise<void> {
    this.#starting ??= this.#start().catch((error: unknown) => {
      this.#starting = null;
      throw error;
    });
    return this.#starting;
  }

  stop(options: StopOptions): Promise<void> {
    if (this.#stopping === null) this.#stopping = this.#stop(options);
    else this.#drain.hurry(options);
    return this.#stopping;
  }

  async runOnce(): Promise<void> {
    const { heartbeat, rescue, timers, retention, dispatcher } = this.#parts;
    await heartbeat.runOnce();
    await rescue.runOnce();
    await timers.runOnce();
    await retention.runOnce();
    await dispatcher.runOnce();
  }

  status(): WorkerStatus {
    const { dispatcher, lease, membership } = this.#parts;
    const { holdings } = dispatcher;
    return {
      workerKey: this.#registered ? lease.key : null,
      runningSteps: holdings.busySteps,
      runningCalls: holdings.runningCalls,
      queued: holdings.ahead,
      unrecorded: holdings.outcomes.length,
      draining: membership.isLeaving,
      leaseHolds: lease.holds(),
      leaseRemainingMs: Math.max(0, lease.remainingMs()),
    };
  }

  async #start(): Promise<void> {
    const { store, rescue, heartbeat, timers, retention, poll, dispatcher, membership } = this.#parts;
    await this.#join();
    this.#registered = true;
    if (membership.isLeaving) return;
    // First: what a predecessor on this host left behind goes on at once.
    await rescue.runOnce();
    if (this.#stopping !== null) return;
    this.#stopListening = store.onWakeUp((wakeUp) => this.#heard(wakeUp));
    for (const service of [heartbeat, rescue, timers, retention, poll, dispatcher]) service.start();
  }

  /** With what a dead predecessor left running, if there is something. */
  async #join(): Promise<void> {
    const { runner, membership, dispatcher, joined } = this.#parts;
    const { inheritance } = runner;
    if (inheritance === null) await membership.register();
    else {
      dispatcher.adopt(await membership.succeed(inheritance), inheritance);
      if (runner.inheritance !== null) await inheritance.settle();
    }
    joined();
  }

  #heard(wakeUp: WakeUp): void {
    const { dispatcher, heartbeat, timers } = this.#parts;
    switch (wakeUp.reason) {
      case "work":
        dispatcher.wake();
        // The claim goes first: whatever is due later is not due yet.
        timers.soon(AFTER_CLAIM_MS);
        break;
      case "control":
        // Which word it is comes with the lease's renewal. A claim that is under way may be of that run, too.
        if (!dispatcher.settled) heartbeat.soon();
        break;
      case "run":
        break;
    }
  }

  async #stop(options: StopOptions): Promise<void> {
    const { store, lease, membership, rescue, heartbeat, timers, retention, poll, dispatcher } = this.#parts;
    membership.leave();
    await this.#starting?.catch(() => undefined);
    if (!this.#registered) return;
    this.#drain.begin(options);
    const told = this.#tell(() => store.drainWorker(lease.key));
    this.#stopListening();
    const stopped = [rescue, timers, retention, poll].map((service) => service.stop());
    await this.#drain.done;
    this.#parts.lookup.stop();
    const silent = Promise.all([told, ...stopped, dispatcher.stop(), heartbeat.stop()]);
    await this.#drain.farewell(silent.then(() => this.#tell(() => store.retireWorker(lease.key))));
  }

  /** Says something to the database that does without if it must: the lease runs out by itself. */
  async #tell(call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      this.#parts.reachability.failed(error, "stopping");
    }
  }
}

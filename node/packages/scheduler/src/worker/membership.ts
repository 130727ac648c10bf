import type { Inheritance } from "@maxq/core";
import type { ClaimedTask, NewWorker, WorkerStore, WorkStore } from "@maxq/db";
import type { Clock } from "../clock/clock.js";
import type { Dispatcher } from "../dispatch/dispatcher.js";
import type { Lease } from "../heartbeat/lease.js";
import { leaseParts } from "../heartbeat/lease-times.js";
import type { WorkerInstruments } from "../instruments.js";
import type { WorkerLogger } from "../logger.js";
import type { WorkerOptions } from "./options.js";

/** The worker's place among workers: it begins with a registration, and with a new one after each that was lost. */
export class Membership {
  readonly #options: WorkerOptions;
  readonly #ports: MembershipPorts;
  readonly #dispatcher: Dispatcher;
  readonly #renewed: (sentAt: number) => void;
  #leaving = false;
  #fencedAt = Number.NEGATIVE_INFINITY;

  constructor(
    options: WorkerOptions,
    ports: MembershipPorts,
    dispatcher: Dispatcher,
    renewed: (sentAt: number) => void,
  ) {
    this.#options = options;
    this.#ports = ports;
    this.#dispatcher = dispatcher;
    this.#renewed = renewed;
  }

  /** Makes a registration, whose key fences everything that is written under it. */
  async register(): Promise<void> {
    const { store, clock } = this.#ports;
    const sentAt = clock.now();
    this.#begin(await store.registerWorker(this.#registration()), sentAt);
  }

  /**
   * Takes the place of a predecessor whose launcher lives, with all that it owned; answers what that is. Where its tasks were given to others, what the launcher still
   * runs is ended, and this is a registration like any other.
   */
  async succeed(inheritance: Inheritance): Promise<readonly ClaimedTask[]> {
    const { store, clock, logger } = this.#ports;
    const sentAt = clock.now();
    const key = await store.succeedWorker(this.#options.predecessors ?? [], this.#registration());
    if (key !== null) {
      this.#begin(key, sentAt);
      return store.ownedTasks(key, 0);
    }
    logger.warn("What a predecessor left running belongs to others by now, and is ended.");
    await inheritance.refuse();
    await this.register();
    return [];
  }

  #begin(key: number, sentAt: number): void {
    this.#ports.lease.begin(key, sentAt);
    this.#renewed(sentAt);
  }

  #registration(): NewWorker {
    const { identity, ports, settings } = this.#options;
    return {
      id: identity.id,
      host: identity.host,
      bootId: identity.bootId,
      pid: identity.pid,
      pidStartedAt: identity.pidStartedAt,
      role: identity.role,
      version: identity.version,
      slots: settings.slots.steps,
      launcher: ports.runner.launcher,
      containment: ports.runner.containment,
      mark: ports.runner.mark,
      leaseMs: settings.leaseMs,
    };
  }

  /** The lease could not be renewed in time: everything is killed before others may take it over. What it was doing is known only when the database is back. */
  lapse(): void {
    const killed = this.#dispatcher.holdings.terminate("fence", 0);
    this.#countFence();
    this.#ports.logger.error(
      { killed },
      "The lease could not be renewed in time: scripts were ended, and will be started again when the database is back.",
    );
  }

  /** A script was killed for want of a lease. Where nothing was known of that here, the launcher did it, because this process or the machine stood still. */
  killedAtDeadline(): void {
    if (!this.#countFence()) return;
    this.#ports.logger.warn(
      {},
      "The launcher ended scripts because this process did not renew its lease in time: it, or the machine, stood still. They are started again; look what kept it busy, or raise MAXQ_LEASE_MS.",
    );
  }

  /** Ends of one deadline, whoever killed, are one fence: the next deadline is most of a lease later. Says whether this is the first of them. */
  #countFence(): boolean {
    const { clock, lease, instruments } = this.#ports;
    const now = clock.now();
    if (now - this.#fencedAt < lease.durationMs * leaseParts.kill) return false;
    this.#fencedAt = now;
    instruments.fenced();
    return true;
  }

  /** Others have this worker's tasks: everything is killed, what is held is offered once more under the old registration, then a new one begins. */
  async registerAnew(): Promise<void> {
    const { store, logger, lease } = this.#ports;
    lease.end();
    this.#countFence();
    this.#dispatcher.close();
    const killed = this.#dispatcher.holdings.terminate("fence", 0);
    logger.error(
      { killed },
      "This worker was taken for dead and its tasks were given to others; it begins anew.",
    );
    await this.#dispatcher.whenSettled();
    if (this.#leaving) return;
    // Gives back what a claim brought that committed after the rescue.
    await store.retireWorker(lease.key);
    await this.register();
    if (!this.isLeaving) this.#dispatcher.start();
  }

  /** No registration follows this one. */
  leave(): void {
    this.#leaving = true;
  }

  get isLeaving(): boolean {
    return this.#leaving;
  }
}

interface MembershipPorts {
  readonly store: Pick<WorkerStore, "registerWorker" | "retireWorker" | "succeedWorker"> &
    Pick<WorkStore, "ownedTasks">;
  readonly clock: Clock;
  readonly logger: WorkerLogger;
  readonly lease: Lease;
  readonly instruments: WorkerInstruments;
}

import type { HttpInstruments, MetricsText } from "@maxq/http";
import type { Store } from "@maxq/db";
import type { Slots, Worker, WorkerInstruments } from "@maxq/scheduler";
import { DatabaseGauges } from "./database-gauges.js";
import { httpInstruments } from "./http-instruments.js";
import { measuredStore } from "./measured-store.js";
import { createMeters, type Meters } from "./meters.js";
import { setWorkerGauges } from "./worker-gauges.js";
import { workerInstruments } from "./worker-instruments.js";

/** What this process is, for `maxq_info`. */
export interface ProcessFacts {
  readonly version: string;
  readonly role: string;
  readonly database: "postgres" | "sqlite";
}

/** All that a process measures, and whom it hands the instruments for that. */
export class Metrics implements MetricsText {
  readonly worker: WorkerInstruments;
  readonly http: HttpInstruments;
  readonly #meters: Meters;
  #database: DatabaseGauges | null = null;
  #working: { readonly worker: Worker; readonly slots: Slots } | null = null;

  constructor(facts: ProcessFacts) {
    this.#meters = createMeters();
    this.worker = workerInstruments(this.#meters);
    this.http = httpInstruments(this.#meters);
    this.#meters.gauges.maxq_info.set({ ...facts }, 1);
  }

  /** The same Store, measured; scrapes ask it what the database holds. */
  store(store: Store): Store {
    const measured = measuredStore(store, this.#meters);
    this.#database = new DatabaseGauges(measured, this.#meters);
    return measured;
  }

  /** This process works, too. */
  works(worker: Worker, slots: Slots): void {
    this.#working = { worker, slots };
  }

  readonly launcherRestarted = (): void => this.#meters.counters.maxq_launcher_restarts_total.inc();

  get contentType(): string {
    return this.#meters.registry.contentType;
  }

  async read(): Promise<string> {
    if (this.#working !== null)
      setWorkerGauges(this.#meters, this.#working.worker.status(), this.#working.slots);
    this.#setLoop();
    await this.#database?.update();
    return this.#meters.registry.metrics();
  }

  #setLoop(): void {
    const counter = this.#meters.counters.maxq_event_loop_active_seconds_total;
    counter.reset();
    counter.inc(performance.eventLoopUtilization().active / 1000);
  }
}

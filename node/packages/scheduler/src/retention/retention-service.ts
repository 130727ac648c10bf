import { Periodic } from "../service/periodic.js";
import type { Service } from "../service/service.js";
import { Retention, type RetentionPorts } from "./retention.js";

/** Retention as a service: batch after batch; when it stops, the turn is the next worker's at once. */
export class RetentionService implements Service {
  readonly #retention: Retention;
  readonly #batches: Periodic;

  constructor(ports: RetentionPorts) {
    this.#retention = new Retention(ports);
    this.#batches = new Periodic("retention", () => this.#retention.batch(), ports.clock, ports.logger);
  }

  start(): void {
    this.#batches.start();
  }

  async stop(): Promise<void> {
    await this.#batches.stop();
    await this.#retention.leave();
  }

  runOnce(): Promise<void> {
    return this.#batches.runOnce();
  }
}

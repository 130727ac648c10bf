import type { Store } from "@maxq/db";
import type { Clock } from "../clock/clock.js";
import { backoffMs } from "../database/backoff.js";
import type { Reachability } from "../database/reachability.js";

/** Asks whether a run has a stage, again while the database is away: what a script asked for is not refused for that. */
export class StageLookup {
  readonly #ports: LookupPorts;
  #stopped = false;

  constructor(ports: LookupPorts) {
    this.#ports = ports;
  }

  /** Rejects once this has stopped. */
  async hasStage(runId: string, stage: string): Promise<boolean> {
    const { store, clock, reachability } = this.#ports;
    for (let failures = 0; !this.#stopped; failures++) {
      try {
        const found = await store.hasStage(runId, stage);
        reachability.answered();
        return found;
      } catch (error) {
        reachability.failed(error, "hasStage");
      }
      await new Promise<void>((resolve) => clock.after(backoffMs(failures), resolve));
    }
    throw new Error("the worker has stopped");
  }

  /** Gives up waiting for the database. */
  stop(): void {
    this.#stopped = true;
  }
}

interface LookupPorts {
  readonly store: Pick<Store, "hasStage">;
  readonly clock: Clock;
  readonly reachability: Reachability;
}

import type { Params } from "@maxq/db";

/** A stage that a claim may store, and take the steps of. */
export interface Offer {
  /** How many steps it has, all of which can start at once. */
  readonly steps: number;
  /** What `schedule_stage` takes, and `begin_stage`. */
  readonly params: Params;
}

interface Made extends Offer {
  readonly settle: (stored: boolean) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Where a request that asks for a stage meets the worker of this process, which would claim its steps a moment later: one statement and one commit do for both.
 * Only a claim that is sent in the same turn of the event loop takes an offer, so no request waits for an exchange that is under way.
 */
export class StageOffers {
  #offer: Made | null = null;

  /** @param tell wakes the worker of this process, if there is one */
  constructor(private readonly tell: () => void) {}

  /** Whether a claim stored the stage. False: none took it, or it was not simple enough, and nothing is stored. Rejects as the claim does that took it. */
  make(offer: Offer): Promise<boolean> {
    if (this.#offer !== null) return Promise.resolve(false);
    return new Promise((settle, fail) => {
      const made = { ...offer, settle, fail };
      this.#offer = made;
      this.tell();
      setImmediate(() => {
        if (this.#offer !== made) return;
        this.#offer = null;
        settle(false);
      });
    });
  }

  /** The stage that is offered at this moment, for a claim that has so many free slots and is to say whether it stored it. */
  take(freeSteps: number): Made | null {
    const offer = this.#offer;
    if (offer === null || offer.steps > freeSteps) return null;
    this.#offer = null;
    return offer;
  }
}

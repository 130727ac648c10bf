import type { Random } from "@maxq/test-kit";

/** What can be done to a site. */
export const faultKinds = [
  "kill engine",
  "kill launcher",
  "kill both",
  "stop and start again",
  "stop past the lease",
  "restart database",
  "terminate backends",
  "drop connections",
  "stall connections",
  "cut after commit",
  "fill the disk",
  "jump the clock",
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** One fault, all that the seed decides of it. */
export interface FaultPlan {
  readonly kind: FaultKind;
  /** Which worker, where it is about one; from 0. */
  readonly worker: number;
  /** How long it lasts, or how long the dead stay dead. */
  readonly forMs: number;
  /** By how much the database's clock is wrong, and which answer is cut. */
  readonly clockMs: number;
  readonly nth: number;
  /** From its beginning to the next one's. */
  readonly pauseMs: number;
}

const lasts: Readonly<Record<FaultKind, readonly [number, number]>> = {
  "kill engine": [0, 1200],
  "kill launcher": [0, 0],
  "kill both": [100, 2500],
  "stop and start again": [0, 1000],
  "stop past the lease": [3500, 6000],
  "restart database": [0, 0],
  "terminate backends": [0, 0],
  "drop connections": [0, 0],
  "stall connections": [300, 5000],
  "cut after commit": [0, 0],
  "fill the disk": [500, 3000],
  "jump the clock": [500, 4000],
};

/** Round after round, each with every kind once, in an order of its own. */
export function* generateFaults(random: Random): Generator<FaultPlan, never> {
  for (;;) {
    for (const kind of random.shuffled(faultKinds)) {
      yield {
        kind,
        worker: kind === "fill the disk" ? 2 : random.int(0, 2),
        forMs: random.int(...lasts[kind]),
        clockMs: random.pick([-1, 1]) * random.int(1, 10) * 60_000,
        nth: random.int(1, 4),
        pauseMs: random.int(800, 2500),
      };
    }
  }
}

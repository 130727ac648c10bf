import type { ExchangeAnswer, ExchangeRequest, Store } from "@maxq/db";

/** A verb of the Store and the moment: nothing was sent yet, or it is committed and nobody has taken the answer in. */
export interface StorePoint {
  readonly verb: keyof Store;
  readonly when: "before" | "after";
  /** Only such requests and answers; by default all. There is an answer only `after`. */
  readonly of?: (request: unknown, answer: unknown) => boolean;
}

const tells =
  (part: "outcomes" | "released" | "started") =>
  (request: unknown): boolean =>
    (request as ExchangeRequest)[part].length > 0;
const claims = (_: unknown, answer: unknown): boolean => (answer as ExchangeAnswer).claimed.length > 0;

/** Points around each commit of a worker, and of the requests that its scripts make. */
export const storePoints = {
  before_registration: { verb: "registerWorker", when: "before" },
  after_registration: { verb: "registerWorker", when: "after" },
  before_succession: { verb: "succeedWorker", when: "before" },
  after_succession: { verb: "succeedWorker", when: "after" },
  before_renewal: { verb: "renewLease", when: "before" },
  after_renewal: { verb: "renewLease", when: "after" },
  before_rescue: { verb: "rescueWorker", when: "before" },
  after_rescue: { verb: "rescueWorker", when: "after" },
  before_timers: { verb: "runTimers", when: "before" },
  after_timers: { verb: "runTimers", when: "after" },
  before_exchange: { verb: "exchange", when: "before" },
  after_claim: { verb: "exchange", when: "after", of: claims },
  before_outcome: { verb: "exchange", when: "before", of: tells("outcomes") },
  after_outcome: { verb: "exchange", when: "after", of: tells("outcomes") },
  before_mark: { verb: "exchange", when: "before", of: tells("started") },
  after_mark: { verb: "exchange", when: "after", of: tells("started") },
  before_hand_back: { verb: "exchange", when: "before", of: tells("released") },
  after_hand_back: { verb: "exchange", when: "after", of: tells("released") },
  before_look: { verb: "ownedTasks", when: "before" },
  after_look: { verb: "ownedTasks", when: "after" },
  before_schedule: { verb: "scheduleStage", when: "before" },
  after_schedule: { verb: "scheduleStage", when: "after" },
  before_drain: { verb: "drainWorker", when: "before" },
  after_drain: { verb: "drainWorker", when: "after" },
  before_retirement: { verb: "retireWorker", when: "before" },
  after_retirement: { verb: "retireWorker", when: "after" },
} as const satisfies Record<string, StorePoint>;

/** Points in the life of a script: the launcher was told to start it; it has ended, and the dispatcher does not know yet. */
export const scriptPoints = ["after_start", "outcome_held"] as const;

export type CrashPoint = keyof typeof storePoints | (typeof scriptPoints)[number];

/** Every point at which a test may have MaxQ killed. */
export const crashPoints: readonly CrashPoint[] = [
  ...(Object.keys(storePoints) as (keyof typeof storePoints)[]),
  ...scriptPoints,
];

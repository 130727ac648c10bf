import type { StagePlan } from "@maxq/core";
import type { AttemptRef } from "./store/refs.js";
import type { NewRun } from "./store/runs.js";
import type { FastExchange } from "./verbs/work/exchange.js";

/** Stores a new run that has no idempotency key, with its first flow call. Answers when it was created, in ms. */
export type FastCreate = (runId: string, run: NewRun) => Promise<number>;

/** Adds a stage to a run as `caller` asks. False, and nothing was stored, if something speaks against it: the general verb finds out what. */
export type FastSchedule = (runId: string, plan: StagePlan, caller: AttemptRef | null) => Promise<boolean>;

/** What an adapter does faster than the general verbs, which do whatever it leaves, and are its model. */
export interface Fast {
  readonly exchange: FastExchange;
  readonly createRun?: FastCreate;
  readonly scheduleStage?: FastSchedule;
}

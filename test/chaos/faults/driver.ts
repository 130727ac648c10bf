import { setTimeout as delay } from "node:timers/promises";
import { Random } from "@maxq/test-kit";
import type { Site } from "../site/site.js";
import { faults } from "./faults.js";
import { generateFaults, type FaultKind, type FaultPlan } from "./plan.js";

/** A fault that was done, in ms since the epoch. */
export interface DoneFault {
  readonly plan: FaultPlan;
  readonly at: number;
  /** Null while it lasts. */
  over: number | null;
}

/** What two faults at once may not have in common. */
function subjectOf({ kind, worker }: FaultPlan): string {
  if (kind === "restart database" || kind === "jump the clock" || kind === "terminate backends") return kind;
  return `worker ${worker}`;
}

/** Does what the seed says, one after another, each as soon as its subject is whole again. */
export class Driver {
  readonly done: DoneFault[] = [];
  readonly #under = new Map<string, Promise<void>>();
  readonly #site: Site;
  readonly #plans: Generator<FaultPlan, never>;
  #failure: unknown = null;

  constructor(site: Site, seed: number) {
    this.#site = site;
    this.#plans = generateFaults(new Random(seed));
  }

  /** So many faults, and more until so many ms have passed, with pauses that are multiplied by `pace`. Resolves when all is made good. */
  async go(least: number, untilMs: number, pace: number): Promise<void> {
    const end = performance.now() + untilMs;
    while (this.done.length < least || performance.now() < end) {
      const plan = this.#plans.next().value;
      const subject = subjectOf(plan);
      await this.#under.get(subject);
      this.#under.set(subject, this.#do(plan));
      await delay(plan.pauseMs * pace);
      if (this.#failure !== null) break;
    }
    await Promise.all(this.#under.values());
    if (this.#failure !== null) throw this.#failure as Error;
  }

  count(kind: FaultKind): number {
    return this.done.filter(({ plan, over }) => plan.kind === kind && over !== null).length;
  }

  async #do(plan: FaultPlan): Promise<void> {
    const fault: DoneFault = { plan, at: Date.now(), over: null };
    try {
      if (!(await faults[plan.kind](this.#site, plan, this.#site.workers[plan.worker]!))) return;
      fault.over = Date.now();
    } catch (error) {
      this.#failure ??= new Error(`The fault "${plan.kind}" could not be done: ${String(error)}`);
    } finally {
      this.done.push(fault);
    }
  }
}

import type { ClaimedTask, ExchangeAnswer } from "@maxq/db";
import { holdTask, type HeldTask } from "../task/held-task.js";
import type { AttemptLog } from "../log/attempt-log.js";
import type { Ask } from "./capacity.js";
import type { Holdings } from "./holdings.js";
import type { DispatchPorts } from "./ports.js";
import { reconcile } from "./reconcile.js";

type IntakePorts = Pick<DispatchPorts, "clock" | "recorded"> & { readonly log: AttemptLog };

/** Takes in what an exchange brought. */
export class Intake {
  readonly #holdings: Holdings;
  readonly #ports: IntakePorts;
  readonly #mayStart: () => boolean;

  /** What comes while `mayStart` says no is handed back. */
  constructor(holdings: Holdings, ports: IntakePorts, mayStart: () => boolean) {
    this.#holdings = holdings;
    this.#ports = ports;
    this.#mayStart = mayStart;
  }

  /** The answer to a request that asked for so much. Says whether some of it was claimed ahead. */
  answer(answer: ExchangeAnswer, { freeSteps }: Ask): boolean {
    const { clock } = this.#ports;
    const now = clock.now();
    let steps = 0;
    for (const task of answer.claimed) {
      const started = task.kind === "flow" || steps++ < freeSteps;
      this.#take(holdTask(task, now, started), now);
    }
    return steps > freeSteps;
  }

  /** After an exchange whose outcome is not known, what the database says is what counts. Says whether there was something new. */
  owned(owned: readonly ClaimedTask[]): boolean {
    const { clock, log } = this.#ports;
    const { unknown, disowned, recorded } = reconcile(this.#holdings, owned);
    for (const held of disowned) {
      log.disowned(held.task);
      held.goesTo = "nowhere";
      held.process?.terminate("fence", 0);
    }
    for (const outcome of recorded) this.#ports.recorded(outcome);
    const now = clock.now();
    for (const task of unknown) this.#take(holdTask(task, now, false), now);
    return unknown.length > 0;
  }

  /** What a predecessor owned and no launcher knows of: it was never started. */
  unstarted(tasks: readonly ClaimedTask[]): void {
    const now = this.#ports.clock.now();
    for (const task of tasks) {
      const held = holdTask(task, now, false);
      if (task.control !== null) this.#holdings.release(held, now);
      else this.#holdings.enqueue(held);
    }
  }

  #take(held: HeldTask, now: number): void {
    if (held.task.control !== null || !this.#mayStart()) this.#holdings.release(held, now);
    else this.#holdings.enqueue(held);
  }
}

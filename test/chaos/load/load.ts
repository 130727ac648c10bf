import { setTimeout as delay } from "node:timers/promises";
import type { Api } from "../../system/api.js";
import type { Flows } from "../../system/flows.js";
import { generateRun } from "./generate.js";
import type { ControlPlan, RunPlan } from "./plan.js";
import { documentsOf, flowScript, stepScript } from "./scripts.js";

/** A run that was accepted. */
export interface LoadedRun {
  readonly id: string;
  readonly plan: RunPlan;
  /** What an abort was answered; null: nobody aborted it. */
  abortAnswer: number | null;
  /** Whether the server has said that it is over. */
  over: boolean;
}

export interface LoadOptions {
  readonly api: Api;
  readonly flows: Flows;
  readonly seed: number;
  /** Runs that are open at a time. */
  readonly width: number;
}

const over = ["completed", "failed", "aborted"];

/** Keeps so many runs open, each from a plan of the seed, until it is told to end; what is open then goes on. */
export class Load {
  readonly runs: LoadedRun[] = [];
  readonly #options: LoadOptions;
  #next = 0;
  #ending = false;
  #givenUp = false;

  constructor(options: LoadOptions) {
    this.#options = options;
  }

  /** Resolves when it was told to end and every run is over, or `giveUp` was called. Rejects if the server refuses what it should not. */
  async go(): Promise<void> {
    await Promise.all(Array.from({ length: this.#options.width }, () => this.#lane()));
  }

  end(): void {
    this.#ending = true;
  }

  giveUp(): void {
    this.#givenUp = true;
  }

  async #lane(): Promise<void> {
    while (!this.#ending) {
      const run = await this.#trigger(generateRun(this.#options.seed, this.#next++));
      if (run === null) return;
      await Promise.all([this.#control(run, run.plan.control), this.#untilOver(run)]);
    }
  }

  async #trigger(plan: RunPlan): Promise<LoadedRun | null> {
    this.#write(plan);
    const headers = { "idempotency-key": `${this.#options.seed}-${plan.flowName}` };
    const answer = await this.#ask("POST", `/flows/${plan.flowName}/runs`, {}, headers);
    if (answer === null) return null;
    if (answer.status >= 300)
      throw new Error(`Triggering ${plan.flowName}: ${answer.status} ${JSON.stringify(answer.body)}`);
    const run = { id: answer.body.id as string, plan, abortAnswer: null, over: false };
    this.runs.push(run);
    return run;
  }

  #write(plan: RunPlan): void {
    const { flows } = this.#options;
    flows.add(plan.flowName, flowScript(plan.dialect), { work: stepScript });
    for (const [file, document] of documentsOf(plan))
      flows.file(`${plan.flowName}/${file}`, JSON.stringify(document));
  }

  async #control(run: LoadedRun, control: ControlPlan | null): Promise<void> {
    if (control === null) return;
    await delay(control.afterMs);
    const answer = await this.#ask("POST", `/runs/${run.id}/${control.action}`);
    if (control.action === "abort") run.abortAnswer = answer?.status ?? null;
    else {
      await delay(control.forMs);
      await this.#ask("POST", `/runs/${run.id}/resume`);
    }
  }

  async #untilOver(run: LoadedRun): Promise<void> {
    while (!this.#givenUp) {
      const answer = await this.#ask("GET", `/runs/${run.id}?wait=5`);
      if (answer !== null && over.includes(answer.body.status as string)) {
        run.over = true;
        return;
      }
    }
  }

  /** Asks until the server answers: it is away when the database is. Null after `giveUp`. */
  async #ask(method: string, path: string, body?: object, headers?: Record<string, string>) {
    while (!this.#givenUp) {
      const answer = await this.#options.api.request(method, path, body, headers).catch(() => null);
      if (answer !== null && answer.status < 500 && answer.status !== 429) return answer;
      await delay(100);
    }
    return null;
  }
}

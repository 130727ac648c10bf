import type { Run, StagePlan, Step } from "@maxq/core";
import type { ClaimedTask, NewRun, Refused, Store } from "@maxq/db";
import { aRun } from "./a-run.js";
import { aStage, asksFor } from "./a-stage.js";
import { printed, success } from "./outcomes.js";
import type { Subject } from "./subject.js";
import { TestWorker } from "./test-worker.js";

/** One test's database with a worker on it. */
export class World {
  /** What the test did to the database behind the Store's back: nobody else shall use it. */
  isSpoilt = false;

  constructor(
    readonly subject: Subject,
    readonly worker: TestWorker,
  ) {}

  static async on(subject: Subject): Promise<World> {
    return new World(subject, await TestWorker.register(subject.store));
  }

  get store(): Store {
    return this.subject.store;
  }

  /** A new run whose first flow call is not claimed yet. */
  async create(change: Partial<NewRun> = {}): Promise<Run> {
    const created = accepted(await this.store.createRun(aRun(change)));
    return created.run;
  }

  /** A new run whose first flow call runs. Nothing else may be claimable. */
  async called(change: Partial<NewRun> = {}): Promise<{ readonly run: Run; readonly call: ClaimedTask }> {
    const run = await this.create(change);
    const call = await this.worker.claimCall();
    return { run, call };
  }

  /** A run whose first flow call has asked for this stage and ended. */
  async runWith(plan: StagePlan, change: Partial<NewRun> = {}): Promise<Run> {
    const { run, call } = await this.called(change);
    await this.worker.record(printed(call, asksFor(plan)));
    return run;
  }

  /** A run whose first flow call asked for two stages of one step `a` each, and ended; both steps run, in this order. */
  async sideBySide(
    left: string,
    right: string,
  ): Promise<{ readonly runId: string; readonly left: ClaimedTask; readonly right: ClaimedTask }> {
    const { run, call } = await this.called();
    for (const name of [left, right])
      accepted(await this.store.scheduleStage(run.id, aStage(name, ["a"]), call));
    await this.worker.record(success(call));
    const claimed = await this.worker.claimSteps(2);
    const stepOf = (name: string) => claimed.find(({ id }) => id === `${name}.a`)!;
    return { runId: run.id, left: stepOf(left), right: stepOf(right) };
  }

  async run(runId: string): Promise<Run> {
    const run = await this.store.getRun(runId);
    if (run === null) throw new Error(`there is no run ${runId}`);
    return run;
  }

  async status(runId: string): Promise<string> {
    return (await this.run(runId)).status;
  }

  async step(runId: string, stepId: string): Promise<Step> {
    const found = await this.store.getStep(runId, stepId);
    if (found === null) throw new Error(`there is no step ${stepId}`);
    return found.step;
  }

  /** Each step's status by its id; of the steps that are not history. */
  async steps(runId: string): Promise<Record<string, string>> {
    const page = await this.store.listSteps(runId, {}, { limit: 10_000, offset: 0, cursor: null });
    return Object.fromEntries(page.data.map((step) => [step.id, step.status]));
  }

  /** Each stage's status by its name. */
  async stages(runId: string): Promise<Record<string, string>> {
    const stages = await this.store.listStages(runId);
    return Object.fromEntries(stages.map((stage) => [stage.name, stage.status]));
  }
}

/** The answer, which must not be a refusal. */
export function accepted<T extends { readonly reason: string }>(answer: T | Refused): T {
  if (answer.reason === "refused") throw new Error(`refused: ${(answer as Refused).problem.message}`);
  return answer as T;
}

/** The code of the refusal that this answer must be. */
export function codeOf(answer: { readonly reason: string } | Refused): string {
  if (!("problem" in answer)) throw new Error(`should have been refused, was ${answer.reason}`);
  return answer.problem.code;
}

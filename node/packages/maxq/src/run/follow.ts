import type { LiveOutput, Run, RunEvent, Step } from "@maxq/core";
import type { Store } from "@maxq/db";
import type { Progress, StageProgress, StepProgress } from "./progress.js";
import type { View } from "./view/view.js";
import { lastLine } from "./view/words.js";

const pollMs = 250;
const page = 500;
/** A stage of more steps than this is shown as a whole. */
const mostLoaded = 5_000;
/** Up to so many steps of a stage, what each printed last is looked up when it has ended. */
const mostLookedUp = 50;

/** Keeps a `Progress` and its view current with one run until that is over. */
export class Follower {
  #lastEvent: string | null = null;
  #dirty = true;
  #wake: () => void = () => undefined;
  readonly #followed = new Map<string, () => void>();

  constructor(
    private readonly store: Store,
    private readonly live: LiveOutput,
    private readonly runId: string,
    private readonly progress: Progress,
    private readonly view: View,
  ) {}

  /** Resolves with the run when it is completed, failed or aborted and everything is shown. */
  async untilOver(): Promise<Run> {
    const stopListening = this.store.onWakeUp((wakeUp) => {
      if (wakeUp.reason === "work" || wakeUp.runId !== this.runId) return;
      this.#dirty = true;
      this.#wake();
    });
    try {
      for (;;) {
        this.#dirty = false;
        const run = await this.store.getRun(this.runId);
        await this.#readEvents();
        if (run !== null && ["completed", "failed", "aborted"].includes(run.status)) return run;
        this.#followRunning();
        await this.#changeOrPoll();
      }
    } finally {
      stopListening();
      for (const stop of this.#followed.values()) stop();
    }
  }

  async #readEvents(): Promise<void> {
    for (;;) {
      const events = await this.store.readEvents(this.runId, this.#lastEvent, page);
      for (const event of events) await this.#apply(event);
      this.#lastEvent = events.at(-1)?.id ?? this.#lastEvent;
      if (events.length < page) return;
    }
  }

  async #apply(event: RunEvent): Promise<void> {
    const { name } = event.data as { name?: string };
    if (event.type === "stage" && name !== undefined && !this.progress.stages.has(name)) await this.#load();
    const ended = this.progress.apply(event);
    if (ended.reason === "step") await this.#readLastLine(ended.step);
    if (ended.reason !== "nothing") this.view.ended(ended);
  }

  /** Loads stages that are not known yet, as they are now: events that come after repeat what is already there. */
  async #load(): Promise<void> {
    for (const stage of await this.store.listStages(this.runId)) {
      if (this.progress.stages.has(stage.name)) continue;
      const total = Object.values(stage.counts).reduce((sum, count) => sum + count, 0);
      const steps = total > mostLoaded ? [] : await this.#stepsOf(stage.name);
      // As it was before the first event, or the end of what has ended meanwhile would not be told.
      this.progress.addStage(stage, steps.map(asScheduled));
    }
  }

  async #stepsOf(stage: string): Promise<Step[]> {
    const steps: Step[] = [];
    for (let cursor: string | null = null; ;) {
      const answer = await this.store.listSteps(this.runId, { stage }, { limit: 1000, offset: 0, cursor });
      steps.push(...answer.data);
      cursor = answer.nextCursor;
      if (cursor === null) return steps;
    }
  }

  async #readLastLine(step: StepProgress): Promise<void> {
    this.#followed.get(step.id)?.();
    this.#followed.delete(step.id);
    if ((this.#stageOf(step)?.total ?? 1) > mostLookedUp && step.status !== "failed") return;
    const found = await this.store.getStep(this.runId, step.id);
    if (found === null) return;
    const { stdout, stderr } = found.output;
    const failed = step.status === "failed" ? lastLine(stderr) : "";
    step.line = [failed, lastLine(stdout), step.line].find((line) => line !== "") ?? "";
  }

  #stageOf(step: StepProgress): StageProgress | undefined {
    return [...this.progress.stages.values()].find(({ steps }) => steps.get(step.id) === step);
  }

  /** What runs now tells its last line as it prints. */
  #followRunning(): void {
    for (const step of this.progress.running()) {
      if (this.#followed.has(step.id)) continue;
      const stop = this.live.follow(
        this.runId,
        step.id,
        (_stream, chunk) => (step.line = lastLine(chunk.toString("utf8")) || step.line),
        () => this.#followed.delete(step.id),
      );
      if (stop !== null) this.#followed.set(step.id, stop);
    }
  }

  #changeOrPoll(): Promise<void> {
    if (this.#dirty) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pollMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function asScheduled(step: Step): Step {
  return { ...step, status: "pending", attempt: 0, startedAt: null, completedAt: null };
}

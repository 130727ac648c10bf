import { valueOf, type Client, type Refused, type RunWithStages, type Unreachable } from "@maxq/client";
import type { RunEvent } from "@maxq/core";
import { lastLine } from "../print/words.js";
import { LastLines } from "./last-lines.js";
import { asScheduled, stepsOf } from "./load.js";
import type { Ended, Progress, StepProgress } from "./progress.js";
import type { View } from "./view/view.js";

/** A stage of more steps than this is shown as a whole. */
const mostLoaded = 10_000;
/** Up to so many steps of a stage, what each printed last is looked up when it has ended. */
const mostLookedUp = 50;
/** How often the counts of stages that are shown as a whole are asked for. */
const countsMs = 1_000;

/** Why following ended: the run is over, it was left, or the server is no help. */
export type Over =
  | { readonly reason: "over"; readonly run: RunWithStages }
  | { readonly reason: "left" }
  | Refused
  | Unreachable;

/** What is followed, and where it shows. */
export interface Following {
  readonly client: Client;
  readonly runId: string;
  readonly progress: Progress;
  readonly view: View;
  /** Leaves the run when it aborts. */
  readonly signal: AbortSignal;
}

/** Keeps a `Progress` and its view current with one run until that is over. */
export class Follower {
  readonly #lines: LastLines;
  #shown: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(private readonly following: Following) {
    this.#lines = new LastLines(following.client, following.runId);
  }

  /** Resolves when the run is over and everything is shown, or when it is left. Throws `ApiError` if the server fails to tell what the run is made of. */
  async untilOver(): Promise<Over> {
    const { client, runId, signal } = this.following;
    const counting = setInterval(() => void this.#count(), countsMs);
    try {
      for await (const each of client.followRun(runId, { signal })) {
        if (each.reason === "end") return await this.#over();
        if (each.reason !== "event") return each;
        await this.#apply(each.event);
      }
      return { reason: "left" };
    } finally {
      this.#ended = true;
      clearInterval(counting);
      this.#lines.stop();
    }
  }

  async #over(): Promise<Over> {
    await this.#count();
    await this.#shown;
    const { client, runId } = this.following;
    const answer = await client.runs.get(runId);
    return answer.reason === "ok" ? { reason: "over", run: answer.value } : answer;
  }

  async #apply(event: RunEvent): Promise<void> {
    const { progress, view } = this.following;
    const { name } = event.data as { name?: string };
    if (event.type === "stage" && name !== undefined && !progress.stages.has(name)) await this.#load();
    const ended = progress.apply(event);
    if (ended.reason === "nothing") {
      if (view.live) this.#lines.follow(progress.running());
      return;
    }
    // In the order in which things ended, and as they ended; looking up does not hold up what comes next.
    const asEnded = copyOf(ended);
    const found = ended.reason === "step" ? this.#readLastLine(ended.step, asEnded) : Promise.resolve();
    const before = this.#shown;
    this.#shown = found
      .then(() => before)
      .then(() => {
        if (!this.#ended) view.ended(asEnded);
      });
  }

  /** Loads stages that are not known yet, as they are now: events that come after repeat what is already there. */
  async #load(): Promise<void> {
    const { client, runId, progress } = this.following;
    for (const stage of valueOf(await client.steps.stages(runId)).data) {
      if (progress.stages.has(stage.name)) continue;
      const total = Object.values(stage.counts).reduce((sum, count) => sum + count, 0);
      const steps = total > mostLoaded ? [] : await stepsOf(client, runId, stage.name);
      // As it was before the first event, or the end of what has ended meanwhile would not be told.
      progress.addStage(stage, steps.map(asScheduled));
    }
  }

  /** Brings the counts of stages up to date whose steps are not known one by one. */
  async #count(): Promise<void> {
    const { client, runId, progress } = this.following;
    if (![...progress.stages.values()].some(({ steps, total }) => steps.size < total)) return;
    const answer = await client.steps.stages(runId);
    if (answer.reason !== "ok") return;
    for (const { name, counts } of answer.value.data) {
      const stage = progress.stages.get(name);
      if (stage !== undefined) stage.counts = counts;
    }
  }

  async #readLastLine(step: StepProgress, asEnded: Ended): Promise<void> {
    const { client, runId, progress } = this.following;
    const { attempt, status } = step;
    this.#lines.forget(step);
    if ((progress.stageOf(step)?.total ?? 1) > mostLookedUp && status !== "failed") return;
    const found = await client.steps.get(runId, step.id);
    if (found.reason !== "ok" || found.value.attempt !== attempt) return;
    const { stdout, stderr } = found.value;
    const failed = status === "failed" ? lastLine(stderr) : "";
    const line = [failed, lastLine(stdout), step.line].find((each) => each !== "") ?? "";
    if (step.attempt === attempt) step.line = line;
    if (asEnded.reason === "step") asEnded.step.line = line;
  }
}

/** What ended, as it is now: a retry changes the original. */
function copyOf(ended: Ended): Ended {
  if (ended.reason === "step") return { reason: "step", step: { ...ended.step } };
  return ended.reason === "stage" ? { reason: "stage", stage: { ...ended.stage } } : ended;
}

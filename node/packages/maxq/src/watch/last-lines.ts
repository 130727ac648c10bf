import type { Client } from "@maxq/client";
import { lastLine } from "../print/words.js";
import type { StepProgress } from "./progress.js";

/** More than these are not seen at once anyway; each costs a connection. */
const mostFollowed = 12;

/** Keeps the last line of steps current that run now, a dozen at a time. */
export class LastLines {
  readonly #followed = new Map<StepProgress, AbortController>();

  constructor(
    private readonly client: Client,
    private readonly runId: string,
  ) {}

  /** Follows those of them that are not followed yet, as far as there is room. */
  follow(running: readonly StepProgress[]): void {
    for (const step of running) {
      if (this.#followed.size >= mostFollowed) return;
      if (this.#followed.has(step)) continue;
      const controller = new AbortController();
      this.#followed.set(step, controller);
      void this.#read(step, controller.signal).finally(() => this.forget(step));
    }
  }

  /** Looks no longer at a step. */
  forget(step: StepProgress): void {
    this.#followed.get(step)?.abort();
    this.#followed.delete(step);
  }

  stop(): void {
    for (const step of [...this.#followed.keys()]) this.forget(step);
  }

  async #read(step: StepProgress, signal: AbortSignal): Promise<void> {
    const answer = await this.client.steps.output(this.runId, step.id, {
      follow: true,
      attempt: step.attempt,
      signal,
    });
    if (answer.reason !== "ok") return;
    const decoder = new TextDecoder();
    try {
      for await (const chunk of answer.value)
        if (!signal.aborted) step.line = lastLine(decoder.decode(chunk, { stream: true })) || step.line;
    } catch {
      // Left, or broken off: the line stays as it is.
    }
  }
}

import { duration } from "../../print/words.js";
import { expectation } from "../estimate.js";
import type { Progress } from "../progress.js";

/** The whole run in one line: `hello · running · 34/200 steps · 12 s · about 20 s left`. */
export function footOf(progress: Progress, now: number): string {
  const { steps, ended } = progress.totals();
  const elapsed = now - progress.startedAt;
  const parts = [
    progress.flowName,
    progress.status,
    steps === 0 ? "" : `${ended}/${steps} steps`,
    duration(elapsed),
    expectation(elapsed, progress.usualMs),
  ];
  return parts.filter((part) => part !== "").join(" · ");
}

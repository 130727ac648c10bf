import type { Client } from "@maxq/client";
import { duration } from "../print/words.js";

const mostRuns = 10;

/** How long the last runs of a flow took that completed: their median, in ms; null if there is none or it cannot be told. */
export async function usualDuration(client: Client, flowName: string): Promise<number | null> {
  const answer = await client.runs.list({ flowName, status: ["completed"], limit: mostRuns });
  if (answer.reason !== "ok") return null;
  return median(answer.value.data.flatMap(({ durationMs }) => durationMs ?? []));
}

/** The middle one, or the mean of the two in the middle; null of nothing. */
export function median(numbers: readonly number[]): number | null {
  const sorted = [...numbers].sort((a, b) => a - b);
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** What is to be expected after so many ms, for people; "" if nothing is known. */
export function expectation(elapsedMs: number, usualMs: number | null): string {
  if (usualMs === null) return "";
  return elapsedMs < usualMs
    ? `about ${duration(usualMs - elapsedMs)} left`
    : `longer than usual (${duration(usualMs)})`;
}

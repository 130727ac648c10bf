import type { ExchangeRequest } from "@maxq/db";
import { acceptsPlan, planRow, startsAtOnce } from "../stage/plan-row.js";

type Outcome = ExchangeRequest["outcomes"][number];

/**
 * Whether the function can record this end of a flow call. One that printed something invalid may have made its request over HTTP before, and what it printed is the
 * answer that curl got: then it counts for nothing. If it has not, the function leaves it.
 */
export function acceptsCall({ document, exitCode }: Outcome): boolean {
  if (exitCode === null) return false;
  switch (document?.reason) {
    case undefined:
    case "none":
    case "final":
    case "invalid":
      return true;
    case "stage":
      return acceptsPlan(document.plan);
  }
}

/** A flow call for the function, which takes the stage that it asks for beside it. JSON values that are stored as they are go as text. */
export function callRow(outcome: Outcome): object {
  const { key, attempt, runId, exitCode, durationMs, cpuMs, maxRssBytes, document } = outcome;
  const row = { key, attempt, runId, exitCode, durationMs: Math.round(durationMs), cpuMs, maxRssBytes };
  if (document?.reason === "stage") {
    const { plan } = document;
    return { ...row, asks: "stage", starts: startsAtOnce(plan) ? plan.steps.length : null };
  }
  if (document?.reason !== "final") return { ...row, asks: document?.reason ?? "none" };
  const output = document.output === undefined ? null : JSON.stringify(document.output);
  return { ...row, asks: "final", output };
}

/** The stage that a flow call asks for; null: it asks for none. */
export function planOf({ document }: Outcome): object | null {
  return document?.reason === "stage" ? planRow(document.plan) : null;
}

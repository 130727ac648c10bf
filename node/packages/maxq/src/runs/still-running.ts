import type { StepDetail } from "@maxq/core";
import { counted } from "../print/words.js";

/** What is to be known of the output of a step whose last attempt runs still; null if none runs. */
export function stillRunning({
  id,
  status,
  stdoutBytes,
  stderrBytes,
}: Pick<StepDetail, "id" | "status" | "stdoutBytes" | "stderrBytes">): string | null {
  if (status !== "running") return null;
  return stdoutBytes + stderrBytes > 0
    ? `${id} runs still: this is what it has printed so far. \`maxq logs -f\` goes on with what comes.`
    : `${id} runs still, and no output of it is here: it has printed nothing yet, or it runs on another worker, whose output is here when the attempt has ended. \`maxq logs -f\` waits for it.`;
}

/** The same of so many scripts of a run. */
export function stillRunningScripts(number: number): string | null {
  if (number === 0) return null;
  return `${counted(number, "script")} of it ${number === 1 ? "runs" : "run"} still: what was printed so far is above, but for what runs on another worker, whose output is here when the attempt has ended. \`maxq logs -f\` goes on with what comes.`;
}

import type { Attempt, Problem, Step, StepOutput } from "@maxq/core";
import type { Statements } from "../../driver.js";
import { attemptReason } from "../attempt-reason.js";

type AttemptRow = Omit<Attempt, "error"> & { readonly error: string | null };

type OutputRow = Omit<StepOutput, "stdoutTruncated" | "stderrTruncated"> & {
  readonly stdoutTruncated: boolean | number;
  readonly stderrTruncated: boolean | number;
};

/** What an attempt that wrote nothing shows. */
export const noOutput: StepOutput = {
  stdout: "",
  stderr: "",
  stdoutBytes: 0,
  stderrBytes: 0,
  stdoutTruncated: false,
  stderrTruncated: false,
};

/** Attempts of a step, oldest first: those that were followed by another have rows, the last one stands on the step. */
export async function readAttempts(
  statements: Statements,
  key: number,
  step: Step,
): Promise<readonly Attempt[]> {
  const rows = await statements.all<AttemptRow>("read.attempts", { stepKey: key });
  // A row may have been written after the step was read: then the step's view of that attempt is the older one.
  const earlier = rows.filter((row) => row.attempt <= step.attempt).map(toAttempt);
  const recorded = earlier.some((attempt) => attempt.attempt === step.attempt);
  return recorded || !standsOnStep(step) ? earlier : [...earlier, currentAttempt(step)];
}

/** Output of one attempt; null if nothing was captured. */
export async function readOutput(
  statements: Statements,
  key: number,
  attempt: number,
): Promise<StepOutput | null> {
  const [row] = await statements.all<OutputRow>("read.output", { stepKey: key, attempt });
  if (row === undefined) return null;
  return {
    ...row,
    stdoutTruncated: Boolean(row.stdoutTruncated),
    stderrTruncated: Boolean(row.stderrTruncated),
  };
}

/** A pending or cancelled step shows nothing of an attempt: if it had one, that has a row. */
function standsOnStep(step: Step): boolean {
  return step.attempt > 0 && step.status !== "pending" && step.status !== "cancelled";
}

function currentAttempt(step: Step): Attempt {
  return {
    attempt: step.attempt,
    status: step.status,
    workerId: step.workerId,
    startedAt: step.startedAt,
    completedAt: step.completedAt,
    exitCode: step.exitCode,
    signal: step.signal,
    reason: reasonOf(step),
    error: step.error,
    cpuMs: step.cpuMs,
    maxRssBytes: step.maxRssBytes,
  };
}

function reasonOf(step: Step): string | null {
  if (step.status === "aborted") return "aborted";
  if (step.status !== "failed") return null;
  return attemptReason(step.error?.code);
}

function toAttempt(row: AttemptRow): Attempt {
  return { ...row, error: row.error === null ? null : (JSON.parse(row.error) as Problem) };
}

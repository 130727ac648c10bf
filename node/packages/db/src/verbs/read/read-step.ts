import type { Problem, Step } from "@maxq/core";
import type { Statements } from "../../driver.js";

type Same =
  | "id"
  | "runId"
  | "stageName"
  | "name"
  | "sequence"
  | "status"
  | "priority"
  | "attempt"
  | "maxRetries"
  | "createdAt"
  | "startedAt"
  | "completedAt"
  | "durationMs"
  | "exitCode"
  | "signal"
  | "cpuMs"
  | "maxRssBytes"
  | "workerId";

/** A step's row. What `step_option` holds is null where the step has no such row. */
type StepRow = Pick<Step, Same> & {
  readonly key: number;
  readonly error: string | null;
  readonly dependsOn: string | null;
  readonly env: string | null;
  readonly timeoutMs: number | null;
  readonly retryDelayMs: number | null;
  readonly retryBackoff: Step["retryBackoff"] | null;
  readonly onLost: Step["onLost"] | null;
  readonly allowFailure: boolean | number | null;
  /** 0, or the number of the retry that made its stage history. */
  readonly superseded: number;
};

/** Steps and flow calls by their keys, in the order of keys, which is the order of scheduling. */
export async function readSteps(statements: Statements, keys: readonly number[]): Promise<readonly Step[]> {
  if (keys.length === 0) return [];
  const rows = await statements.all<StepRow>("read.steps", { keys });
  return rows.map(toStep);
}

/** The key of a step or flow call by its id, null if the run has none. Where a retry superseded a step of that id, the one that counts. */
export async function findStepKey(
  statements: Statements,
  runId: string,
  stepId: string,
): Promise<{ readonly key: number; readonly kind: "step" | "flow" } | null> {
  const [row] = await statements.all<{ key: number; kind: "step" | "flow" }>("read.step_key", {
    runId,
    stepId: stepId,
  });
  return row ?? null;
}

/** A step or flow call by its id, null if the run has none. Inside a transaction it sees what that has written. */
export async function readStep(statements: Statements, runId: string, stepId: string): Promise<Step | null> {
  const found = await findStepKey(statements, runId, stepId);
  const [step] = found === null ? [] : await readSteps(statements, [found.key]);
  return step ?? null;
}

function toStep(row: StepRow): Step {
  return {
    id: row.id,
    runId: row.runId,
    stageName: row.stageName,
    name: row.name,
    sequence: row.sequence,
    status: row.status,
    dependsOn: row.dependsOn === null ? [] : (JSON.parse(row.dependsOn) as string[]),
    env: row.env === null ? {} : (JSON.parse(row.env) as Record<string, string>),
    priority: row.priority,
    attempt: row.attempt,
    maxRetries: row.maxRetries,
    retryDelayMs: row.retryDelayMs ?? 0,
    retryBackoff: row.retryBackoff ?? "fixed",
    timeoutMs: row.timeoutMs,
    onLost: row.onLost ?? "retry",
    allowFailure: Boolean(row.allowFailure),
    superseded: row.superseded > 0,
    createdAt: row.createdAt,
    startedAt: row.startedAt,
    completedAt: row.completedAt,
    durationMs: row.durationMs,
    exitCode: row.exitCode,
    signal: row.signal,
    error: row.error === null ? null : (JSON.parse(row.error) as Problem),
    cpuMs: row.cpuMs,
    maxRssBytes: row.maxRssBytes,
    workerId: row.workerId,
  };
}

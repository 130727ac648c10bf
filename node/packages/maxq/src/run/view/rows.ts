import type { StepStatus } from "@maxq/core";
import type { Progress, StageProgress, StepProgress } from "../progress.js";

/** A line of the tree, before it is cut and painted. */
export interface Row {
  /** 0: a stage or a flow call; 1: what is in a stage. */
  readonly depth: 0 | 1;
  readonly status: StepStatus;
  readonly label: string;
  /** In ms; null if it has not begun. */
  readonly elapsedMs: number | null;
  /** Counts, or the last line that it printed. */
  readonly text: string;
}

/** Up to so many steps are shown one by one. */
const singly = 10;
const failuresShown = 3;

/** A stage, and what is in it: its steps, or for a large one its failures and then a row for each name. */
export function stageRows(stage: StageProgress, now: number): Row[] {
  const steps = [...stage.steps.values()];
  const head: Row = {
    depth: 0,
    status: stage.status,
    label: `stage ${stage.name}`,
    elapsedMs: elapsed(stage, now),
    text: stage.total === 1 && steps.length === 1 ? "" : stageCounts(stage, steps),
  };
  if (steps.length <= singly) return [head, ...steps.map((step) => stepRow(step, now))];
  const failures = steps.filter((step) => step.status === "failed");
  const shown = failures.slice(0, failuresShown).map((step) => stepRow(step, now));
  return [head, ...shown, ...groups(steps).map((group) => groupRow(group, now))];
}

/** The calls of flow.sh that are running. */
export function callRows(progress: Progress, now: number): Row[] {
  return [...progress.calls.values()]
    .filter((call) => call.status === "running")
    .map((call) => ({
      ...stepRow(call, now),
      depth: 0,
      label: `flow.sh, call ${call.id.replace("flow:", "")}`,
    }));
}

export function stepRow(step: StepProgress, now: number): Row {
  const again = step.attempt > 1 ? ` (attempt ${step.attempt})` : "";
  return {
    depth: 1,
    status: step.status,
    label: `${step.id}${again}`,
    elapsedMs: elapsed(step, now),
    text: step.line,
  };
}

function groups(steps: readonly StepProgress[]): StepProgress[][] {
  const byName = new Map<string, StepProgress[]>();
  for (const step of steps) {
    const group = byName.get(step.name);
    if (group === undefined) byName.set(step.name, [step]);
    else group.push(step);
  }
  return [...byName.values()];
}

function groupRow(group: readonly StepProgress[], now: number): Row {
  const starts = group.flatMap(({ startedAt }) => startedAt ?? []);
  const open = group.some(({ status }) => status === "pending" || status === "running");
  const ends = group.flatMap(({ endedAt }) => endedAt ?? []);
  const startedAt = starts.length === 0 ? null : starts.reduce((least, at) => Math.min(least, at));
  const endedAt = open || ends.length === 0 ? null : ends.reduce((most, at) => Math.max(most, at));
  const last = group.findLast((step) => step.line !== "");
  return {
    depth: 1,
    status: groupStatus(group),
    label: `${group[0]?.name ?? ""} ×${group.length}`,
    elapsedMs: elapsed({ startedAt, endedAt }, now),
    text: [counts(group), last?.line ?? ""].filter((part) => part !== "").join("  "),
  };
}

function groupStatus(group: readonly StepProgress[]): StepStatus {
  const order: readonly StepStatus[] = ["failed", "running", "aborted", "cancelled", "pending", "completed"];
  const found = order.find((status) => group.some((step) => step.status === status)) ?? "pending";
  return found === "pending" && group.some((step) => step.status === "completed") ? "running" : found;
}

function stageCounts(stage: StageProgress, steps: readonly StepProgress[]): string {
  if (steps.length === 0) return stage.total === 0 ? "no steps" : `${stage.total} steps`;
  return counts(steps);
}

function counts(steps: readonly StepProgress[]): string {
  const of = (status: StepStatus): number => steps.filter((step) => step.status === status).length;
  const parts = [`${of("completed")}/${steps.length}`];
  for (const status of ["running", "failed", "cancelled", "aborted"] as const) {
    const number = of(status);
    if (number > 0 && steps.length > 1) parts.push(`${number} ${status}`);
  }
  return parts.join(", ");
}

function elapsed(
  span: { readonly startedAt: number | null; readonly endedAt: number | null },
  now: number,
): number | null {
  return span.startedAt === null ? null : (span.endedAt ?? now) - span.startedAt;
}

import type { StepCounts, StepStatus } from "@maxq/core";
import type { Progress, StageProgress, StepProgress } from "../progress.js";

/** A line of the tree, before it is cut and painted. */
export interface Row {
  /** 0: a stage or a flow call; 1: what is in a stage. */
  readonly depth: 0 | 1;
  readonly status: StepStatus;
  /** How many steps it stands for. */
  readonly steps: number;
  readonly label: string;
  /** In ms; null if it has not begun. */
  readonly elapsedMs: number | null;
  /** Counts, or the last line that it printed. */
  readonly text: string;
}

/** Up to so many steps are shown one by one. */
const singly = 10;
const failuresShown = 3;
/** Up to so many names of a stage get a row of their own. */
const namesShown = 20;

/** A stage, and what is in it: its steps, or for a large one its failures and then a row for each name. */
export function stageRows(stage: StageProgress, now: number): Row[] {
  const steps = [...stage.steps.values()];
  const head: Row = {
    depth: 0,
    status: stage.status,
    steps: stage.total,
    label: `stage ${stage.name}`,
    elapsedMs: elapsed(stage, now),
    text: stage.total === 1 && steps.length === 1 ? "" : stageCounts(stage, steps),
  };
  if (steps.length <= singly) return [head, ...steps.map((step) => stepRow(step, now))];
  const failures = steps.filter((step) => step.status === "failed");
  const shown = failures.slice(0, failuresShown).map((step) => stepRow(step, now));
  return [head, ...shown, ...groupRows(groups(steps), now)];
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
    steps: 1,
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

/** A row for each group, failed ones first where there are too many; the rest in one. */
function groupRows(all: readonly StepProgress[][], now: number): Row[] {
  if (all.length <= namesShown) return all.map((group) => groupRow(group, now));
  const failed = all.filter((group) => groupStatus(group) === "failed");
  const others = all.filter((group) => groupStatus(group) !== "failed");
  const ordered = [...failed, ...others];
  const rest = ordered.slice(namesShown);
  return [
    ...ordered.slice(0, namesShown).map((group) => groupRow(group, now)),
    { ...groupRow(rest.flat(), now), label: `… ${rest.length} more names` },
  ];
}

function groupRow(group: readonly StepProgress[], now: number): Row {
  const [first] = group;
  if (group.length === 1 && first !== undefined) return stepRow(first, now);
  const starts = group.flatMap(({ startedAt }) => startedAt ?? []);
  const open = group.some(({ status }) => status === "pending" || status === "running");
  const ends = group.flatMap(({ endedAt }) => endedAt ?? []);
  const startedAt = starts.length === 0 ? null : starts.reduce((least, at) => Math.min(least, at));
  const endedAt = open || ends.length === 0 ? null : ends.reduce((most, at) => Math.max(most, at));
  const last = group.findLast((step) => step.line !== "");
  return {
    depth: 1,
    status: groupStatus(group),
    steps: group.length,
    label: `${first?.name ?? ""} ×${group.length}`,
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
  if (stage.total === 0) return "no steps";
  return steps.length === 0 ? countsText(stage.counts, stage.total) : counts(steps);
}

function counts(steps: readonly StepProgress[]): string {
  const found = { pending: 0, running: 0, completed: 0, failed: 0, cancelled: 0, aborted: 0 };
  for (const { status } of steps) found[status] += 1;
  return countsText(found, steps.length);
}

function countsText(counts: StepCounts, total: number): string {
  const parts = [`${counts.completed}/${total}`];
  for (const status of ["running", "failed", "cancelled", "aborted"] as const) {
    if (counts[status] > 0 && total > 1) parts.push(`${counts[status]} ${status}`);
  }
  return parts.join(", ");
}

function elapsed(
  span: { readonly startedAt: number | null; readonly endedAt: number | null },
  now: number,
): number | null {
  return span.startedAt === null ? null : (span.endedAt ?? now) - span.startedAt;
}

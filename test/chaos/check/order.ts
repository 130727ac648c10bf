import type { LoadedRun } from "../load/load.js";
import type { DoneFault } from "../faults/driver.js";
import type { Evidence, Line } from "./evidence.js";
import { dependenciesOf, lostTooOften, type Violation } from "./judge.js";
import type { RunRow, StepRow } from "./rows.js";

/** What is wrong with what the scripts of a run wrote: overlap, repetition, dependents early, outcomes that no script had. */
export function judgeLines(
  run: LoadedRun,
  row: RunRow,
  evidence: Evidence,
  faults: readonly DoneFault[],
): Violation[] {
  const lines = evidence.ofRun(run.id);
  const violation = (rule: string, ...those: readonly (Line | string | undefined)[]): Violation => ({
    rule,
    runId: run.id,
    text: those
      .map((each) => (typeof each === "object" ? `line ${each.no + 1}: ${each.text}` : each))
      .join("\n  "),
  });
  return [
    ...lines.filter(({ word }) => word === "overlap").map((line) => violation("overlap", line)),
    ...lines
      .filter((line) => line.word === "remains" && !mayMeetRemains(line, lines, faults))
      .map((line) => violation("remains", line, ...lines.filter(({ subject }) => subject === line.subject))),
    ...startedTwice(lines).map((line) => violation("started twice", line)),
    ...row.steps.flatMap((step) => judgeOutcome(step, lines, violation)),
    ...early(run, row, lines).map(([line, waitsFor]) =>
      violation("dependent early", line, `waits for ${waitsFor}`),
    ),
  ];
}

/**
 * Whether a script may meet what an earlier attempt had forked: only if its worker lost engine and launcher at once, because then nobody is left on that host
 * to end it until its next engine starts, and no cgroup holds it.
 */
function mayMeetRemains(met: Line, lines: readonly Line[], faults: readonly DoneFault[]): boolean {
  const earlier = lines.filter(
    ({ no, word, subject }) =>
      no < met.no && word === "begin" && (subject === met.subject || isCall(subject, met)),
  );
  return faults.some(
    ({ plan, at }) =>
      plan.kind === "kill both" &&
      earlier.some((line) => line.worker === `w${plan.worker + 1}` && line.at <= at + 1000 && at <= met.at),
  );
}

/** All calls of a run have one lock. */
function isCall(subject: string, met: Line): boolean {
  return subject.startsWith("flow:") && met.subject.startsWith("flow:");
}

function startedTwice(lines: readonly Line[]): Line[] {
  const seen = new Set<string>();
  return lines.filter(({ word, subject, attempt }) => {
    if (word !== "begin") return false;
    const key = `${subject} ${attempt}`;
    return seen.size === seen.add(key).size;
  });
}

function judgeOutcome(
  step: StepRow,
  lines: readonly Line[],
  violation: (rule: string, ...those: readonly (Line | string | undefined)[]) => Violation,
): Violation[] {
  if (step.kind === "flow" || lostTooOften(step)) return [];
  const own = lines.filter(({ subject }) => subject === step.id);
  const found: Violation[] = [];
  const word = step.status === "completed" ? "end" : step.status === "failed" ? "failed" : null;
  const state = `${step.id} is ${step.status} by attempt ${step.attempt}`;
  if (word !== null && !own.some((line) => line.word === word && line.attempt === step.attempt))
    found.push(violation("outcome", state, ...own));
  const later = own.filter((line) => line.word === "begin" && line.attempt > step.attempt);
  if (word !== null && later.length > 0) found.push(violation("ran after its end", state, ...own));
  return found;
}

/**
 * Begins before the end, by the recorded attempt, of all that the step waits for. A script that was lost for the last time said nothing at its end: after its
 * begin its step may have failed, which lets those go that wait for it where that is allowed.
 */
function early(run: LoadedRun, row: RunRow, lines: readonly Line[]): [Line, string][] {
  const dependencies = dependenciesOf(run);
  const rows = new Map(row.steps.map((step) => [step.id, step]));
  const lost = new Set(row.steps.filter(lostTooOften).map(({ id }) => id));
  const ends = new Map<string, number>();
  for (const { no, word, subject, attempt } of lines)
    if (word === "end" || word === "failed" || (word === "begin" && lost.has(subject)))
      ends.set(`${subject} ${attempt}`, no);
  return lines.flatMap((line) => {
    if (line.word !== "begin") return [];
    const late = (dependencies.get(line.subject) ?? []).filter((id) => {
      const end = ends.get(`${id} ${rows.get(id)?.attempt}`);
      return end === undefined ? !lost.has(id) : end > line.no;
    });
    return late.map((id): [Line, string] => [line, id]);
  });
}

import { faultKinds, type FaultKind } from "./faults/plan.js";
import type { Violation } from "./check/judge.js";

/** So many violations of a rule are told in full. */
const EACH = 5;

/** What was done under one seed, and what came of it. */
export interface Outcome {
  readonly seed: number;
  readonly seconds: number;
  readonly disk: string;
  readonly runs: Readonly<Record<"completed" | "failed" | "aborted", number>>;
  readonly steps: number;
  readonly calls: number;
  /** Scripts started, of steps and flows. */
  readonly starts: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
  readonly engineStarts: number;
  /** Scripts that outlived their engine and went on under the next one. */
  readonly adopted: number;
  readonly lostAttempts: number;
  /** Steps that ended well and were not recorded, so that they ran again. */
  readonly repeated: number;
  readonly lostTooOften: number;
  /** Scripts that met what engine and launcher, killed at once, had left. */
  readonly remainsMet: number;
  /** Ms from the kill of a worker to the next beginning of each script that it took with it, ascending. */
  readonly waits: readonly number[];
  readonly violations: readonly Violation[];
}

/** The figures of all seeds, a column each, as a table in Markdown. */
export function table(outcomes: readonly Outcome[]): string {
  const row = (title: string, figure: (outcome: Outcome) => string | number): string =>
    `| ${title} | ${outcomes.map(figure).join(" | ")} |`;
  const broken = (...rules: readonly string[]) => {
    return ({ violations }: Outcome): number => violations.filter(({ rule }) => rules.includes(rule)).length;
  };
  return [
    row("seed", ({ seed }) => seed),
    `|---|${outcomes.map(() => "--:|").join("")}`,
    row("minutes", ({ seconds }) => (seconds / 60).toFixed(1)),
    row("runs", ({ runs }) => runs.completed + runs.failed + runs.aborted),
    row("… completed, failed, aborted", ({ runs }) => `${runs.completed}, ${runs.failed}, ${runs.aborted}`),
    row("steps", ({ steps }) => steps),
    row("flow calls", ({ calls }) => calls),
    row("scripts started", ({ starts }) => starts),
    ...faultKinds.map((kind) => row(`fault: ${kind}`, ({ faults }) => faults[kind])),
    row("engines started again", ({ engineStarts }) => engineStarts),
    row("scripts that the next engine adopted", ({ adopted }) => adopted),
    row("attempts lost with a worker, started again", ({ lostAttempts }) => lostAttempts),
    row("… from the kill to the next start: median, longest", ({ waits }) => median(waits)),
    row("steps that ended, were not recorded, and ran again", ({ repeated }) => repeated),
    row("steps failed after three losses", ({ lostTooOften }) => lostTooOften),
    row("met what engine and launcher, killed at once, left", ({ remainsMet }) => remainsMet),
    row("**runs lost or not over**", broken("lost run", "hang")),
    row("**steps lost**", broken("lost step", "outcome")),
    row("**pairs of live scripts of one step**", broken("overlap", "remains")),
    row(
      "**attempts started twice, steps run after their end**",
      broken("started twice", "ran after its end"),
    ),
    row("**dependents early**", broken("dependent early")),
    row("**ends that the model does not allow**", broken("status", "step status", "stages", "abort")),
    row("**processes left, workers that ended alone**", broken("left over", "ended alone")),
    row("**workers that did not start, requests refused**", broken("not done")),
    row("**connections left**", broken("connections")),
    row("**deadlocks in the database's log**", broken("deadlock")),
    row("**violations in `maxq verify`**", broken("verify")),
  ].join("\n");
}

function median(waits: readonly number[]): string {
  if (waits.length === 0) return "–";
  const seconds = (at: number): string => `${(waits.at(at)! / 1000).toFixed(1)} s`;
  return `${seconds(Math.floor(waits.length / 2))}, ${seconds(-1)}`;
}

/** All that helps to find the cause: the first few of each rule. */
export function complaint({ seed, violations }: Outcome, folder: string, repeat: string): string {
  const rules = [...new Set(violations.map(({ rule }) => rule))];
  const shown = rules.flatMap((rule) => {
    const those = violations.filter((violation) => violation.rule === rule);
    const more = those.length > EACH ? [`✘ ${rule}: ${those.length - EACH} more`] : [];
    return [...those.slice(0, EACH).map(violationText), ...more];
  });
  return [
    `Seed ${seed}: ${violations.length} violations. Again: ${repeat}`,
    `Logs, evidence, flows and all violations are kept in ${folder}.`,
    ...shown,
  ].join("\n");
}

/** One violation, with what shows it. */
export function violationText({ rule, runId, text }: Violation): string {
  return `✘ ${rule}${runId === null ? "" : `, run ${runId}`}: ${text}`;
}

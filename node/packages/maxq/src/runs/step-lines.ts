import type { StepDetail } from "@maxq/core";
import { sign, type Paint } from "../print/paint.js";
import { table } from "../print/table.js";
import { duration, moment, plainLine } from "../print/words.js";
import { stillRunning } from "./still-running.js";

const mostOutputLines = 20;

/** A step for people: how it is defined, its attempts, the end of what the last one printed. */
export function stepLines(step: StepDetail, paint: Paint): string[] {
  const fact = (name: string, value: string): string[] =>
    value === "" ? [] : [`  ${paint("dim", name.padEnd(10))} ${value}`];
  const running = stillRunning(step);
  const env = Object.entries(step.env).map(([name, value]) => plainLine(`${name}=${value}`));
  return [
    `${sign(step.status, paint)} ${paint("bold", step.id)} ${step.status}`,
    ...fact("run", step.runId),
    ...fact("stage", step.stageName),
    ...fact("script", step.name === "" ? "flow.sh" : `steps/${step.name}/step.sh`),
    ...fact("depends on", step.dependsOn.join(", ")),
    ...fact("env", env.join(" ")),
    ...fact("error", plainLine(step.error?.message ?? "")),
    ...attemptLines(step.attempts, paint),
    ...outputLines("stdout", step, paint),
    ...outputLines("stderr", step, paint),
    ...(running === null ? [] : [paint("dim", `  ${running}`)]),
  ];
}

function attemptLines(attempts: StepDetail["attempts"], paint: Paint): string[] {
  if (attempts.length === 0) return [];
  const heading = ["    ATTEMPT", "STATUS", "STARTED", "TOOK", "EXIT", "WHY", "WORKER"].map((text) => ({
    text,
    paint: (plain: string) => paint("dim", plain),
  }));
  const rows = attempts.map((each) => [
    `    ${each.attempt}`,
    each.status,
    moment(each.startedAt),
    each.startedAt === null || each.completedAt === null ? "" : duration(each.completedAt - each.startedAt),
    each.signal ?? (each.exitCode === null ? "" : String(each.exitCode)),
    each.reason ?? "",
    each.workerId ?? "",
  ]);
  return table([heading, ...rows]);
}

function outputLines(name: "stdout" | "stderr", step: StepDetail, paint: Paint): string[] {
  const text = step[name].trimEnd();
  if (text === "") return [];
  const lines = text.split("\n");
  const cut = lines.length > mostOutputLines || step[`${name}Truncated`];
  const what = `  ${name}, ${step[`${name}Bytes`]} bytes${step.status === "running" ? " so far" : ""}${cut ? ", its end" : ""}:`;
  return [paint("dim", what), ...lines.slice(-mostOutputLines).map((line) => `  | ${plainLine(line)}`)];
}

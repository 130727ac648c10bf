import type { Run, Step } from "@maxq/core";
import type { Store } from "@maxq/db";

const mostStderrLines = 20;
const mostSteps = 200;

/** Why the run did not complete, for people: the problem, and the end of what the step or flow call that failed said. */
export async function failureReport(store: Store, run: Run): Promise<string[]> {
  const lines = [`${run.flowName} ${run.status}${run.error === null ? "." : `: ${run.error.message}`}`];
  const failed = await failedScript(store, run);
  if (failed === null) return lines;
  const found = await store.getStep(run.id, failed.id);
  const stderr = (found?.output.stderr ?? "").trimEnd();
  if (stderr === "") return lines;
  const end = stderr.split("\n").slice(-mostStderrLines);
  return [
    ...lines,
    `The end of what ${failed.name || "flow.sh"} (${failed.id}) wrote to stderr:`,
    ...end.map((line) => `  | ${line}`),
  ];
}

async function failedScript(store: Store, run: Run): Promise<Step | null> {
  const page = { limit: 1, offset: 0, cursor: null };
  const [step] = (await store.listSteps(run.id, { status: ["failed"] }, page)).data;
  if (step !== undefined) return step;
  return (await store.listFlowCalls(run.id)).findLast(({ status }) => status === "failed") ?? null;
}

/** What the last stage's last steps printed: those that no other step of it waits for. */
export async function lastOutput(store: Store, run: Run): Promise<string> {
  const stage = (await store.listStages(run.id)).findLast(({ superseded }) => !superseded);
  if (stage === undefined) return "";
  const { data } = await store.listSteps(
    run.id,
    { stage: stage.name },
    { limit: mostSteps, offset: 0, cursor: null },
  );
  const waitedFor = new Set(data.flatMap(({ dependsOn }) => dependsOn));
  const last = data.filter(({ id, name }) => !waitedFor.has(id) && !waitedFor.has(name));
  const parts: string[] = [];
  for (const { id } of last) {
    const stdout = (await store.getStep(run.id, id))?.output.stdout ?? "";
    if (stdout !== "") parts.push(last.length === 1 ? stdout : `── ${id}\n${stdout}`);
  }
  return parts.map((part) => (part.endsWith("\n") ? part : `${part}\n`)).join("");
}

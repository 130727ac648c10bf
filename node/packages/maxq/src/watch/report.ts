import { valueOf, type Client, type RunWithStages } from "@maxq/client";
import type { Run, Step } from "@maxq/core";

const mostStderrLines = 20;
const mostSteps = 200;

/** Why the run did not complete, for people: the problem, and the end of what the step or flow call that failed said. Throws `ApiError`. */
export async function failureReport(client: Client, run: Run): Promise<string[]> {
  const lines = [`${run.flowName} ${run.status}${run.error === null ? "." : `: ${run.error.message}`}`];
  const failed = run.status === "failed" ? await failedScript(client, run) : null;
  return failed === null ? lines : [...lines, ...(await endOfStderr(client, failed))];
}

/** The end of what a step or flow call wrote to stderr; none if it wrote nothing. */
async function endOfStderr(client: Client, { runId, id, name }: Step): Promise<string[]> {
  const stderr = valueOf(await client.steps.get(runId, id)).stderr.trimEnd();
  if (stderr === "") return [];
  const end = stderr.split("\n").slice(-mostStderrLines);
  return [
    `The end of what ${name || "flow.sh"} (${id}) wrote to stderr:`,
    ...end.map((line) => `  | ${line}`),
  ];
}

async function failedScript(client: Client, run: Run): Promise<Step | null> {
  const [step] = valueOf(await client.steps.list(run.id, { status: ["failed"], limit: 1 })).data;
  if (step !== undefined) return step;
  return (
    valueOf(await client.steps.flowCalls(run.id)).data.findLast(({ status }) => status === "failed") ?? null
  );
}

/** What the last stage's last steps printed: those that no other step of it waits for. Throws `ApiError`. */
export async function lastOutput(client: Client, run: RunWithStages): Promise<string> {
  const stage = run.stages.findLast(({ superseded }) => !superseded);
  if (stage === undefined) return "";
  const { data } = valueOf(await client.steps.list(run.id, { stage: stage.name, limit: mostSteps }));
  const waitedFor = new Set(data.flatMap(({ dependsOn }) => dependsOn));
  const last = data.filter(({ id, name }) => !waitedFor.has(id) && !waitedFor.has(name));
  const parts: string[] = [];
  for (const { id } of last) {
    const { stdout } = valueOf(await client.steps.get(run.id, id));
    if (stdout !== "") parts.push(last.length === 1 ? stdout : `── ${id}\n${stdout}`);
  }
  return parts.map((part) => (part.endsWith("\n") ? part : `${part}\n`)).join("");
}

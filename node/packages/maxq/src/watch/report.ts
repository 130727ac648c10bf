import { valueOf, type Client, type RunWithStages } from "@maxq/client";
import type { Run, Step } from "@maxq/core";
import { plainLine } from "../print/words.js";
import { stepsOf } from "./load.js";

const mostStderrLines = 20;
const mostSteps = 200;

/** Why the run did not complete, for people: the problem, and the end of what the step or flow call that it failed for said. Throws `ApiError`. */
export async function failureReport(client: Client, run: Run): Promise<string[]> {
  const lines = [
    `${run.flowName} ${run.status}${run.error === null ? "." : `: ${plainLine(run.error.message)}`}`,
  ];
  const failed = run.status === "failed" ? await failedScript(client, run) : null;
  return failed === null ? lines : [...lines, ...(await endOfStderr(client, run.id, failed))];
}

/** The end of what a step or flow call wrote to stderr; none if it wrote nothing. */
async function endOfStderr(client: Client, runId: string, id: string): Promise<string[]> {
  const { name, stderr } = valueOf(await client.steps.get(runId, id));
  if (stderr.trimEnd() === "") return [];
  const end = stderr.trimEnd().split("\n").slice(-mostStderrLines);
  return [
    `The end of what ${name || "flow.sh"} (${id}) wrote to stderr:`,
    ...end.map((line) => `  | ${plainLine(line)}`),
  ];
}

/** The id of the step or flow call that the run's error is about; null if it is about none, such as a run's timeout. Others may have failed without ending it. */
async function failedScript(client: Client, { id, error, terminationReason }: Run): Promise<string | null> {
  if (terminationReason === "step_failed") {
    const stepId = error?.details?.stepId;
    return typeof stepId === "string" ? stepId : null;
  }
  if (terminationReason !== "flow_failed") return null;
  const calls = valueOf(await client.steps.flowCalls(id)).data;
  const failed = calls.findLast((call) => call.status === "failed" && call.error?.message === error?.message);
  return failed?.id ?? null;
}

/** What `dependsOn` may call it: its id, that of all instances, its name. */
function namesOf({ id, name }: Step): string[] {
  return [id, id.replace(/\.\d+$/, ""), name];
}

/** What the last stage's last steps printed: those that no other step of it waits for; where they are many, the last ones. Throws `ApiError`. */
export async function lastOutput(client: Client, run: RunWithStages): Promise<string> {
  const stage = run.stages.findLast(({ superseded }) => !superseded);
  if (stage === undefined) return "";
  const all = await stepsOf(client, run.id, stage.name);
  const steps = all.filter(({ superseded }) => !superseded);
  const waitedFor = new Set(steps.flatMap(({ dependsOn }) => dependsOn));
  const last = steps.filter((step) => !namesOf(step).some((name) => waitedFor.has(name))).slice(-mostSteps);
  const parts: string[] = [];
  for (const { id } of last) {
    const { stdout } = valueOf(await client.steps.get(run.id, id));
    if (stdout !== "") parts.push(last.length === 1 ? stdout : `── ${id}\n${stdout}`);
  }
  return parts.map((part) => (part.endsWith("\n") ? part : `${part}\n`)).join("");
}

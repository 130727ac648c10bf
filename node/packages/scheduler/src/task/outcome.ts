import type { FlowDocument, Json, Problem, ScriptEnd } from "@maxq/core";
import type { ClaimedTask, Outcome } from "@maxq/db";
import { flowFailure, stepFailure } from "./failure.js";
import { resultOf } from "./result.js";
import { storedOutput } from "./stored-output.js";

/** Reads the lines of `$MAXQ_OUTPUT`: `key=value` or JSON objects. Bad lines become warnings. */
export type ReadFields = (text: string) => {
  /** Values as JSON.parse makes them. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
};

/** Reads what a flow call asks for from what it left behind; only called for one that exited with 0. */
export type ReadDocument = (task: ClaimedTask, end: ScriptEnd) => FlowDocument | Promise<FlowDocument>;

/** What turning an end into an outcome needs. */
export interface OutcomeReaders {
  readonly readFields: ReadFields;
  readonly readDocument: ReadDocument;
  /** Bytes kept of each output stream (MAXQ_MAX_LOG_CAPTURE). */
  readonly logCapBytes: number;
}

/** The outcome of a step's attempt. */
export function outcomeOfStep(task: ClaimedTask, end: ScriptEnd, readers: OutcomeReaders): Outcome {
  const result = resultOf(end);
  const read = result === "success" ? fieldsOf(end, readers.readFields) : noFields;
  const failure = isFailure(result, end) ? stepFailure(task, end) : null;
  return recordOf(task, end, result, failure, readers.logCapBytes, read);
}

/** The outcome of a flow call's attempt. */
export async function outcomeOfFlow(
  task: ClaimedTask,
  end: ScriptEnd,
  readers: OutcomeReaders,
): Promise<Outcome> {
  const result = resultOf(end);
  const document = result === "success" ? await readers.readDocument(task, end) : null;
  const failure = isFailure(result, end) ? flowFailure(task, end) : null;
  return recordOf(task, end, result, failure, readers.logCapBytes, { ...noFields, document });
}

/** There is something to say of it, also where it is handed back because the machine was unable to start it. */
function isFailure(result: Outcome["result"], { end }: ScriptEnd): boolean {
  return result === "failure" || (result === "handed_back" && end.reason === "unable");
}

/** What was read from the outputs. */
type Read = Pick<Outcome, "fields" | "warnings" | "document">;

/** All keys in one order, so that all outcomes have one shape. */
function recordOf(
  task: ClaimedTask,
  end: ScriptEnd,
  result: Outcome["result"],
  failure: Problem | null,
  logCapBytes: number,
  { fields, warnings, document }: Read,
): Outcome {
  return {
    key: task.key,
    attempt: task.attempt,
    kind: task.kind,
    runId: task.runId,
    stageKey: task.stageKey,
    result,
    killedBy: end.killedBy,
    exitCode: end.end.reason === "exited" ? end.end.exitCode : null,
    signal: end.end.reason === "signaled" ? end.end.signal : null,
    problem: failure,
    durationMs: end.durationMs,
    cpuMs: end.cpuMs,
    maxRssBytes: end.maxRssBytes,
    output: storedOutput(end, logCapBytes),
    fields,
    warnings,
    document,
  };
}

const noFields: Read = { fields: null, warnings: [], document: null };

function fieldsOf({ output }: ScriptEnd, readFields: ReadFields): Read {
  if (output === null) return noFields;
  if (output.fault !== undefined) {
    const warning = `The fields in $MAXQ_OUTPUT were not stored: ${output.fault}. Write them to the file itself.`;
    return { ...noFields, warnings: [warning] };
  }
  if (output.tooLarge) {
    const warning =
      "The fields in $MAXQ_OUTPUT were not stored: the file is larger than what is accepted. Write less, or post an artifact.";
    return { ...noFields, warnings: [warning] };
  }
  const { fields, warnings } = readFields(output.text);
  return {
    fields: Object.keys(fields).length === 0 ? null : (fields as Record<string, Json>),
    warnings,
    document: null,
  };
}

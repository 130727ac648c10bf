import { jsonBytes, overLimit, type Json, type StepFields, type StepStatus } from "@maxq/core";
import type { Driver, Statements, Tx } from "../../driver.js";
import type { DataStore, FieldsPage } from "../../store/data.js";
import { pageBytes } from "../read/page.js";
import { findStepKey } from "../read/read-step.js";
import { attemptOver, refused, runNotFound, stepIsHistory, stepNotFound } from "../refusal.js";
import { isLive } from "./caller.js";
import { fieldRows } from "./field-rows.js";

interface ListedRow {
  readonly key: number;
  readonly stepId: string;
  readonly stepName: string;
  readonly stageName: string;
  readonly status: StepStatus;
  readonly completedAt: number | null;
  /** Null, with `value`, for a step that was asked for and has none. */
  readonly fieldName: string | null;
  readonly value: string | null;
  /** The key of the last step that the list has. */
  readonly last: number;
}

interface LockedStep {
  readonly key: number;
  readonly runId: string;
  readonly status: string;
  readonly attempt: number;
}

/** The one whose fields are merged. */
interface Target extends LockedStep {
  readonly superseded: number;
}

/**
 * Merges into a step's fields. Locks the step and the caller's step, not the run: steps of one run post at the same time,
 * and an outcome of either step waits for the end of this transaction. While it holds the one it never waits for the other.
 */
export async function mergeFields(
  driver: Driver,
  ...args: Parameters<DataStore["mergeFields"]>
): ReturnType<DataStore["mergeFields"]> {
  const caller = args[3];
  for (;;) {
    const answer = await driver.transaction((tx) => mergeOnce(tx, ...args));
    if (answer !== "caller is locked") return answer;
    const [found] = await driver.transaction((tx) => tx.all("data.lock_step", { key: caller!.key }));
    if (found === undefined) return attemptOver();
  }
}

async function mergeOnce(
  tx: Tx,
  ...[runId, stepId, fields, caller, limits]: Parameters<DataStore["mergeFields"]>
): Promise<Awaited<ReturnType<DataStore["mergeFields"]>> | "caller is locked"> {
  const found = await findStepKey(tx, runId, stepId);
  const [step] = found?.kind === "step" ? await tx.all<Target>("data.lock_step", { key: found.key }) : [];
  if (step === undefined)
    return (await runExists(tx, runId)) ? stepNotFound(runId, stepId) : runNotFound(runId);
  if (caller !== null) {
    const [speaker] =
      caller.key === step.key ? [step] : await tx.all<LockedStep>("data.try_lock_step", { key: caller.key });
    if (speaker === undefined) return "caller is locked";
    if (!isLive(speaker, runId, caller)) return attemptOver();
  }
  if (step.superseded > 0) return stepIsHistory(stepId);
  if (limits !== undefined) {
    const bytes = jsonBytes(merged(await readFields(tx, step.key), fields));
    if (bytes > limits.fieldBytes)
      return refused(overLimit(limits, "fieldBytes", "The step with these fields", bytes, "fields"));
  }
  const rows = fieldRows(fields);
  if (rows.length > 0) await tx.run("data.merge_fields", { stepKey: step.key, rows: JSON.stringify(rows) });
  return { reason: "merged", fields: await readFields(tx, step.key) };
}

/** Both, key by key; a spread would lose a key `__proto__`. */
function merged(
  there: Readonly<Record<string, Json>>,
  more: Readonly<Record<string, Json>>,
): Readonly<Record<string, Json>> {
  return Object.fromEntries([...Object.entries(there), ...Object.entries(more)]);
}

/** Steps that have fields, in schedule order; those asked for by id even without. Null if there is no such run. Superseded steps are left out. */
export async function listFields(
  statements: Statements,
  ...[runId, stepIds, fieldName, after = 0]: Parameters<DataStore["listFields"]>
): Promise<FieldsPage | null> {
  const place = { runId, fieldName, afterKey: after, bytes: pageBytes };
  const rows =
    stepIds === null
      ? await statements.all<ListedRow>("data.fields_of_run", place)
      : await statements.all<ListedRow>("data.fields_of_steps", { ...place, stepIds });
  const end = rows.at(-1);
  if (end === undefined && !(await runExists(statements, runId))) return null;
  return {
    data: byStep(rows).map(toStepFields),
    next: end === undefined || end.key === end.last ? null : end.key,
  };
}

/** Rows of one step stand together. */
function byStep(rows: readonly ListedRow[]): ListedRow[][] {
  const groups: ListedRow[][] = [];
  for (const row of rows) {
    const group = groups.at(-1);
    if (group?.[0]?.key === row.key) group.push(row);
    else groups.push([row]);
  }
  return groups;
}

function toStepFields(rows: readonly ListedRow[]): StepFields {
  const { stepId, stepName, stageName, status, completedAt } = rows[0]!;
  const fields = rows.flatMap((row) =>
    row.fieldName === null || row.value === null
      ? []
      : [[row.fieldName, JSON.parse(row.value) as Json] as const],
  );
  return { stepId, stepName, stageName, status, fields: Object.fromEntries(fields), completedAt };
}

async function readFields(tx: Tx, stepKey: number): Promise<Readonly<Record<string, Json>>> {
  const rows = await tx.all<{ name: string; value: string }>("data.fields_of_step", { stepKey });
  return Object.fromEntries(rows.map((row) => [row.name, JSON.parse(row.value) as Json]));
}

async function runExists(statements: Statements, runId: string): Promise<boolean> {
  return (await statements.all("read.run_exists", { runId })).length > 0;
}

import { jsonBytes, overLimit, type Json, type StepFields, type StepStatus } from "@maxq/core";
import type { Driver, Statements, Tx } from "../../driver.js";
import type { DataStore } from "../../store/data.js";
import type { AttemptRef } from "../../store/refs.js";
import { findStepKey } from "../read/read-step.js";
import { attemptOver, refused, runNotFound, stepNotFound } from "../refusal.js";
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
}

interface LockedStep {
  readonly key: number;
  readonly runId: string;
  readonly status: string;
  readonly attempt: number;
}

/**
 * Merges into a step's fields. Locks the step and the caller's step, not the run: steps of one run post at the same time,
 * and an outcome of either step waits for the end of this transaction.
 */
export function mergeFields(
  driver: Driver,
  ...[runId, stepId, fields, caller, limits]: Parameters<DataStore["mergeFields"]>
): ReturnType<DataStore["mergeFields"]> {
  return driver.transaction(async (tx) => {
    const found = await findStepKey(tx, runId, stepId);
    const locked = found === null ? [] : await lockSteps(tx, found.key, caller);
    if (found?.kind !== "step" || !locked.some((step) => step.key === found.key)) {
      return (await runExists(tx, runId)) ? stepNotFound(runId, stepId) : runNotFound(runId);
    }
    if (caller !== null && !locked.some((step) => step.key === caller.key && isLive(step, runId, caller))) {
      return attemptOver();
    }
    if (limits !== undefined) {
      const bytes = jsonBytes(merged(await readFields(tx, found.key), fields));
      if (bytes > limits.fieldBytes)
        return refused(overLimit(limits, "fieldBytes", "The step with these fields", bytes, "fields"));
    }
    const rows = fieldRows(fields);
    if (rows.length > 0)
      await tx.run("data.merge_fields", { stepKey: found.key, rows: JSON.stringify(rows) });
    return { reason: "merged", fields: await readFields(tx, found.key) };
  });
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
  ...[runId, stepIds, fieldName]: Parameters<DataStore["listFields"]>
): Promise<readonly StepFields[] | null> {
  const rows =
    stepIds === null
      ? await statements.all<ListedRow>("data.fields_of_run", { runId, fieldName })
      : await statements.all<ListedRow>("data.fields_of_steps", { runId, fieldName, stepIds });
  if (rows.length === 0 && !(await runExists(statements, runId))) return null;
  return byStep(rows).map(toStepFields);
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

function lockSteps(tx: Tx, stepKey: number, caller: AttemptRef | null): Promise<LockedStep[]> {
  const keys = caller === null || caller.key === stepKey ? [stepKey] : [stepKey, caller.key];
  return tx.all("data.lock_steps", { keys });
}

async function runExists(statements: Statements, runId: string): Promise<boolean> {
  return (await statements.all("read.run_exists", { runId })).length > 0;
}

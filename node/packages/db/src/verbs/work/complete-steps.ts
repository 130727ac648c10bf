import type { Tx } from "../../driver.js";
import { fieldRows } from "../data/field-rows.js";
import { stepChange } from "../events.js";
import type { OpenRun } from "../run/open-run.js";
import { releaseDependents } from "./release-dependents.js";
import { leaveStage, type Ended } from "./settle.js";

/** Steps of one stage that ended well: one statement for each thing that follows, however many they are. */
export async function completeSteps(tx: Tx, run: OpenRun, group: readonly Ended[]): Promise<void> {
  const steps = group.map(({ step }) => step);
  await storeFields(tx, group);
  const rows = group.map(({ outcome: { key, durationMs, exitCode, cpuMs, maxRssBytes } }) => [
    ...[key, Math.round(durationMs), exitCode, cpuMs, maxRssBytes],
  ]);
  await tx.run("step.complete", { rows: JSON.stringify(rows) });
  for (const { step, outcome } of group)
    run.changes.push(stepChange(step, "completed", step.attempt, { exitCode: outcome.exitCode }));
  const ready = await releaseDependents(tx, steps);
  await leaveStage(tx, run, steps[0]!, { failed: 0, ended: group.length, occupied: group.length }, ready);
}

async function storeFields(tx: Tx, group: readonly Ended[]): Promise<void> {
  const rows = group.flatMap(({ outcome }) =>
    fieldRows(outcome.fields ?? {}).map((row) => ({ key: outcome.key, ...row })),
  );
  if (rows.length > 0) await tx.run("step_field.merge", { rows: JSON.stringify(rows) });
}

import { problem } from "@maxq/core";
import type { Driver } from "../../driver.js";
import type { Refused } from "../../store/refs.js";
import { refused, runNotFound } from "../refusal.js";
import { isOver, lockRun } from "../run/open-run.js";

/** What hangs on steps without a foreign key, then the steps, then the run with all that does have one. */
const statements = [
  "data.lock_run_steps",
  "data.delete_run_edges",
  "data.delete_run_gate_edges",
  "data.delete_run_attempts",
  "data.delete_run_outputs",
  "data.delete_run_fields",
  "data.delete_run_events",
  "data.delete_run_idempotency",
  "data.delete_run_steps",
  "data.delete_run",
] as const;

/** Deletes a run that is over and has no process left, with everything of it. */
export function deleteRun(driver: Driver, runId: string): Promise<{ readonly reason: "deleted" } | Refused> {
  return driver.transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (run === null) return runNotFound(runId);
    if (!isOver(run.status) || run.active > 0) {
      return refused(
        problem(
          "RUN_NOT_OVER",
          `run ${runId} is ${run.status}: abort it, or wait for its end, before deleting it`,
          {
            status: run.status,
          },
        ),
      );
    }
    for (const statement of statements) {
      if (statement === "data.lock_run_steps") await tx.all(statement, { runId });
      else await tx.run(statement, { runId });
    }
    return { reason: "deleted" };
  });
}

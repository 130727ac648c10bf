import { problem } from "@maxq/core";
import type { Driver } from "../../driver.js";
import type { Refused } from "../../store/refs.js";
import { refused, runNotFound } from "../refusal.js";
import { markRun, removePiece } from "../retention/marked.js";
import { removeRuns } from "../retention/remove-runs.js";
import { isOver, lockRun } from "../run/open-run.js";

/** Rows of one transaction: it holds others up for some 50 ms at most. */
const rows = 2_000;

/** Deletes a run that is over and has no process left, with everything of it. A large one goes in pieces, and is seen by nobody once the first transaction has committed. */
export async function deleteRun(
  driver: Driver,
  runId: string,
): Promise<{ readonly reason: "deleted" } | Refused> {
  const begun = await driver.transaction(async (tx) => {
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
    const [weight] = await tx.all<{ rows: number }>("retention.weight", { runId });
    if (weight!.rows > rows) await markRun(tx, runId);
    else await removeRuns(tx, [runId]);
    return { reason: "deleted" } as const;
  });
  if (begun.reason === "deleted") while (await removePiece(driver, runId, rows)) await others();
  return begun;
}

/** Lets in what has come meanwhile: on SQLite no piece waits for anything outside, so without it nobody's request would be heard before the last. */
function others(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

import { problem, type Problem, type Run } from "@maxq/core";
import type { Driver, Tx } from "../../driver.js";
import type { Refused } from "../../store/refs.js";
import type { RunStore } from "../../store/runs.js";
import type { EndedRun } from "../../store/work.js";
import { runChange } from "../events.js";
import { readRun } from "../read/read-run.js";
import { admitNextCall } from "../stage/flow-call.js";
import { admitReady } from "../work/release-dependents.js";
import { numberRows, type ReadyRow } from "../work/number.js";
import {
  cancelPending,
  isEnding,
  isOver,
  lockRun,
  saveRun,
  setFirstError,
  sweepRows,
  type OpenRun,
} from "./open-run.js";

/** Pause, resume and abort: each commits one word on the run, then sweeps its rows. */
export function createControlVerbs(driver: Driver): Pick<RunStore, "pauseRun" | "resumeRun" | "abortRun"> {
  return {
    async pauseRun(runId) {
      const answer = await driver.transaction((tx) => seen(tx, runId, pause));
      if ("reason" in answer) return answer;
      await sweepPaused(driver, runId);
      return { reason: "paused", ...answer };
    },
    async resumeRun(runId) {
      const answer = await driver.transaction((tx) => seen(tx, runId, resume));
      return "reason" in answer ? answer : { reason: "resumed", ...answer };
    },
    async abortRun(runId) {
      const answer = await driver.transaction((tx) => abort(tx, runId));
      if ("reason" in answer) return answer;
      await sweepEnding(driver, runId);
      // Somebody who deletes it meanwhile could only do so once it was aborted.
      const run = (await readRun(driver, runId)) ?? { ...answer.run, status: "aborted" };
      return { reason: "aborting", run, active: answer.active };
    },
  };
}

/** Does it, and reads the run before its lock is let go: after that, somebody may delete it. */
export async function seen(
  tx: Tx,
  runId: string,
  verb: (tx: Tx, runId: string) => Promise<Refused | null>,
): Promise<Refused | { readonly run: Run }> {
  return (await verb(tx, runId)) ?? { run: (await readRun(tx, runId))! };
}

async function pause(tx: Tx, runId: string): Promise<Refused | null> {
  const run = await lockRun(tx, runId);
  if (run === null) return notFound(runId);
  if (isOver(run.status)) return over(run, "paused");
  if (isEnding(run)) return ending(run, "paused");
  if (run.status === "paused") return null;
  run.status = "paused";
  run.control = "pause";
  run.changes.push(runChange({ status: "paused" }));
  await saveRun(tx, run);
  tx.wake({ reason: "control", runId });
  return null;
}

/** Takes claimable rows out of the claim index, in thousands, so that the claims of others do not have to pass them by. */
async function sweepPaused(driver: Driver, runId: string): Promise<void> {
  for (let moved = sweepRows; moved >= sweepRows;) {
    moved = await driver.transaction(async (tx) => {
      const run = await lockRun(tx, runId);
      return run?.control === "pause" ? tx.run("step.unnumber", { runId, limit: sweepRows }) : 0;
    });
  }
}

async function resume(tx: Tx, runId: string): Promise<Refused | null> {
  const run = await lockRun(tx, runId);
  if (run === null) return notFound(runId);
  if (isOver(run.status)) return over(run, "resumed");
  if (isEnding(run)) return ending(run, "resumed");
  if (run.status !== "paused") return null;
  run.control = null;
  run.status = run.startedAt === null ? "pending" : "running";
  run.changes.push(runChange({ status: run.status }));
  await numberParked(tx, run);
  await saveRun(tx, run);
  return null;
}

/** Gives numbers to everything of the run that is ready and has none: after a pause and after a retry. */
export async function numberParked(tx: Tx, run: OpenRun): Promise<void> {
  for (const stage of await tx.all<{ key: number; maxParallel: number | null }>("stage.open_of", {
    runId: run.id,
  })) {
    if (stage.maxParallel !== null) {
      await tx.run("stage.recount_occupied", { stageKey: stage.key });
      await admitReady(tx, run, stage, []);
    } else
      await numberRows(
        tx,
        run,
        await tx.all<ReadyRow>("step.parked", { stageKey: stage.key, limit: 10_000_000 }),
      );
  }
  await admitNextCall(tx, run);
}

async function abort(tx: Tx, runId: string): Promise<Refused | { run: Run; active: number }> {
  const run = await lockRun(tx, runId);
  if (run === null) return notFound(runId);
  if (run.status === "aborted") return { run: (await readRun(tx, runId))!, active: 0 };
  if (isOver(run.status)) return over(run, "aborted");
  if (run.control !== "abort")
    await putWord(tx, run, "abort", problem("RUN_ABORTED", "the run was aborted"), "aborted");
  const [started] = await tx.all<{ count: number }>("step.count_started", { runId });
  await saveRun(tx, run);
  return { run: (await readRun(tx, runId))!, active: started?.count ?? 0 };
}

/**
 * Puts a word on the run that ends it: nothing more is claimed, its workers kill what runs. A run that is failing can still be aborted;
 * an aborted one does not become failed. The sweep follows in transactions of its own; `runTimers` finishes it if this process dies before.
 */
export async function putWord(
  tx: Tx,
  run: OpenRun,
  word: "abort" | "fail",
  error: Problem,
  reason: string,
): Promise<void> {
  if (isOver(run.status) || run.control === "abort") return;
  run.control = word;
  if (run.status === "paused") {
    run.status = run.startedAt === null ? "pending" : "running";
    run.changes.push(runChange({ status: run.status }));
  }
  await setFirstError(tx, run, error, reason);
  tx.wake({ reason: "control", runId: run.id });
}

/** Cancels what is pending in a run that is ending, in thousands, until nothing is left, and ends the run if no process of it is left. Answers how it ended, null if it did not. */
export async function sweepEnding(driver: Driver, runId: string): Promise<EndedRun["status"] | null> {
  for (;;) {
    const state = await driver.transaction(async (tx) => {
      const run = await lockRun(tx, runId);
      if (run === null || !isEnding(run)) return { moved: 0, ended: null };
      const moved = await cancelPending(tx, run);
      await saveRun(tx, run);
      return { moved, ended: run.ended };
    });
    if (state.moved < sweepRows) return state.ended;
  }
}

export function refused(reason: Problem): Refused {
  return { reason: "refused", problem: reason };
}

export function notFound(runId: string): Refused {
  return refused(problem("RUN_NOT_FOUND", `there is no run ${runId}`));
}

function ending(run: OpenRun, what: string): Refused {
  return refused(
    problem("STATE_CONFLICT", `run ${run.id} is ending and cannot be ${what}`, { status: run.status }),
  );
}

function over(run: OpenRun, what: string): Refused {
  return refused(
    problem("RUN_OVER", `run ${run.id} is ${run.status} and cannot be ${what}`, { status: run.status }),
  );
}

import type { Driver } from "../../driver.js";
import type { RunStore } from "../../store/runs.js";
import { recordChanges, runChange } from "../events.js";
import { readRun } from "../read/read-run.js";
import { attemptOver, runNotFound } from "../refusal.js";
import { lockRun } from "../run/open-run.js";
import { setOutput } from "../run/output.js";
import { readCaller } from "./caller.js";

/** Changes what is given of a run's name, description and output, also after its end. Its stream says which, without the values. */
export function patchRun(
  driver: Driver,
  ...[runId, change, caller]: Parameters<RunStore["patchRun"]>
): ReturnType<RunStore["patchRun"]> {
  return driver.transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (run === null) return runNotFound(runId);
    const who = await readCaller(tx, runId, caller);
    if (who.reason === "over") return attemptOver();
    if (change.output !== undefined) await setOutput(tx, run, change.output, who.afterFailure);
    const next = { ...change, output: run.output };
    const changed = (["name", "description", "output"] as const).filter((key) => next[key] !== undefined);
    if (changed.length > 0) {
      await tx.run("data.patch_run", {
        runId,
        setName: change.name !== undefined,
        name: change.name ?? null,
        setDescription: change.description !== undefined,
        description: change.description ?? null,
        setOutput: run.output !== undefined,
        output: run.output === undefined ? null : JSON.stringify(run.output),
      });
      await recordChanges(tx, runId, [runChange({ status: run.status, changed })]);
    }
    return { reason: "patched", run: (await readRun(tx, runId))! };
  });
}

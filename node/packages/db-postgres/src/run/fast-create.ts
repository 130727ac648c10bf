import { metadataRows, type FastCreate } from "@maxq/db";
import type { PostgresDriver } from "../driver/driver.js";

/** Stores a new run in one statement. */
export function createFastCreate(driver: PostgresDriver): FastCreate {
  return async (runId, run) => {
    const rows = metadataRows(run.metadata);
    const [row] = await driver.call<{ createdAt: number }>("call.create_run", {
      runId,
      flowName: run.flowName,
      priority: run.priority,
      input: JSON.stringify(run.input),
      metadata: JSON.stringify(run.metadata),
      metadataRows: rows.length === 0 ? null : JSON.stringify(rows),
      name: run.name,
      description: run.description,
      flowTitle: run.flowTitle,
      timeoutMs: run.timeoutMs,
      parentRunId: run.parentRunId,
    });
    driver.tell([{ reason: "run", runId }, { reason: "work" }]);
    return row!.createdAt;
  };
}

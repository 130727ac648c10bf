import type { FastSchedule } from "@maxq/db";
import type { PostgresDriver } from "../driver/driver.js";
import { acceptsPlan, planRow } from "./plan-row.js";

/** Adds a stage in one statement. */
export function createFastSchedule(driver: PostgresDriver): FastSchedule {
  return async (runId, plan, caller) => {
    if (!acceptsPlan(plan)) return false;
    const [row] = await driver.call<{ numbered: number | null }>("call.schedule_stage", {
      runId,
      plan: JSON.stringify(planRow(plan)),
      key: caller?.key ?? null,
      attempt: caller?.attempt ?? null,
    });
    if (row!.numbered === null) return false;
    driver.tell(
      row!.numbered > 0 ? [{ reason: "run", runId }, { reason: "work" }] : [{ reason: "run", runId }],
    );
    return true;
  };
}

import type { FastSchedule } from "@maxq/db";
import type { PostgresDriver } from "../driver/driver.js";
import type { StageOffers } from "./offers.js";
import { acceptsPlan, planRow, startsAtOnce } from "./plan-row.js";

/** Adds a stage in one statement, which is the worker's next claim, if that may be. */
export function createFastSchedule(driver: PostgresDriver, offers: StageOffers): FastSchedule {
  return async (runId, plan, caller) => {
    if (!acceptsPlan(plan)) return false;
    const { key, attempt } = caller ?? { key: null, attempt: null };
    const params = { runId, plan: JSON.stringify(planRow(plan)), key, attempt };
    if (caller !== null && startsAtOnce(plan) && (await offers.make({ steps: plan.steps.length, params })))
      return true;
    const [row] = await driver.call<{ numbered: number | null }>("call.schedule_stage", params);
    if (row!.numbered === null) return false;
    driver.tell(
      row!.numbered > 0 ? [{ reason: "run", runId }, { reason: "work" }] : [{ reason: "run", runId }],
    );
    return true;
  };
}

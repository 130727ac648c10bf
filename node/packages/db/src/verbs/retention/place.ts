import type { Driver } from "../../driver.js";
import type { PrunePlace, PruneRequest, RetentionRule, RunPlace } from "../../store/retention.js";

/** Before every run. */
export const beforeAll: RunPlace = { createdAt: -1, id: "ffffffff-ffff-ffff-ffff-ffffffffffff" };

/** The first flow that has runs and a rule, after the one named (null: from the first), with what its rule means now; null if there is none. */
export async function nextPlace(
  driver: Driver,
  request: Pick<PruneRequest, "rules" | "flowName">,
  after: string | null,
): Promise<PrunePlace | null> {
  const { rules } = request;
  if (request.flowName !== null)
    return after === null ? placeOf(driver, request.flowName, ruleOf(request, request.flowName)) : null;
  const hasRules = Object.values(rules.flows).concat(rules).some(letsRunsGo);
  for (let flowName = after ?? ""; hasRules;) {
    const [found] = await driver.all<{ flowName: string | null }>("retention.next_flow", { after: flowName });
    if (found == null || found.flowName === null) return null;
    flowName = found.flowName;
    const rule = ruleOf(request, flowName);
    const place = letsRunsGo(rule) ? await placeOf(driver, flowName, rule) : null;
    if (place !== null) return place;
  }
  return null;
}

function ruleOf({ rules }: Pick<PruneRequest, "rules">, flowName: string): RetentionRule {
  return Object.hasOwn(rules.flows, flowName) ? rules.flows[flowName]! : rules;
}

/** Whether any run goes by this rule, ever. */
export function letsRunsGo({ olderThanMs, keep }: RetentionRule): boolean {
  return olderThanMs !== null || keep !== null;
}

/** Null if nothing of the flow is to go. */
async function placeOf(driver: Driver, flowName: string, rule: RetentionRule): Promise<PrunePlace | null> {
  const { olderThanMs, keep } = rule;
  const [clock] = await driver.all<{ now: number }>("retention.now");
  const completedBefore = olderThanMs === null ? -1 : clock!.now - olderThanMs;
  const [nth] = keep === null ? [] : await driver.all<RunPlace>("retention.nth_newest", { flowName, keep });
  if (completedBefore < 0 && nth === undefined) return null;
  return { flowName, completedBefore, upTo: nth ?? beforeAll, after: beforeAll };
}

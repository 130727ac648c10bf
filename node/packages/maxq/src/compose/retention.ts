import { letsRunsGo, type RetentionRule, type RetentionRules } from "@maxq/db";
import type { Settings } from "../settings/settings.js";

type RetentionSettings = Pick<Settings, "retentionAge" | "retentionRuns" | "retentionFlows">;

/** Which finished runs the settings let go; null: none, ever. */
export function retentionOf(settings: RetentionSettings): RetentionRules | null {
  const { retentionAge: olderThanMs, retentionRuns: keep, retentionFlows: flows } = settings;
  const rules = { olderThanMs, keep, flows };
  return [rules, ...Object.values(flows)].some(letsRunsGo) ? rules : null;
}

/** What a server and a worker say of it when they start. */
export function retentionLine(rules: RetentionRules | null): string {
  if (rules === null)
    return "Retention is off: finished runs stay for ever. MAXQ_RETENTION_AGE or MAXQ_RETENTION_RUNS removes old ones";
  const own = Object.entries(rules.flows).map(([flowName, rule]) => `; of ${flowName}: ${said(rule)}`);
  return `Retention: finished runs ${said(rules)}${own.join("")}`;
}

function said({ olderThanMs, keep }: RetentionRule): string {
  const ways = [
    ...(olderThanMs === null ? [] : [`when their end is ${age(olderThanMs)} ago`]),
    ...(keep === null ? [] : [`beyond the newest ${keep} of their flow`]),
  ];
  return ways.length === 0 ? "stay for ever" : `are removed ${ways.join(" and ")}`;
}

function age(ms: number): string {
  if (ms % 86_400_000 === 0) return `${ms / 86_400_000} d`;
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  return `${ms / 1000} s`;
}

import { isFlowName } from "@maxq/core";
import type { RetentionRule } from "@maxq/db";
import * as z from "zod";
import { setting } from "./setting.js";
import { duration, readDuration, wholeNumber } from "./values.js";

/** Rules of single flows, by their names. */
const flowRetention: z.ZodType<Readonly<Record<string, RetentionRule>>, string> = z
  .string()
  .transform((text, context) => {
    const rules: [string, RetentionRule][] = [];
    for (const entry of text.split(/[\s,]+/).filter((word) => word !== "")) {
      const [flowName = "", said = "", more] = entry.split("=");
      if (rules.some(([other]) => other === flowName)) {
        const message = `it must name each flow once; ${flowName} has two rules`;
        context.addIssue({ code: "custom", message });
        return z.NEVER;
      }
      const rule = more === undefined && isFlowName(flowName) ? readRule(said) : null;
      if (rule === null) {
        const message = `it must list rules such as nightly=90d, ping=1000, import=7d/1000 or billing=forever, separated by commas; ${entry} is none`;
        context.addIssue({ code: "custom", message });
        return z.NEVER;
      }
      rules.push([flowName, rule]);
    }
    return Object.fromEntries(rules);
  });

/** An age, a number, both with a slash between them, or `forever`; null for anything else. */
function readRule(text: string): RetentionRule | null {
  if (text === "forever") return { olderThanMs: null, keep: null };
  const parts = text.split("/");
  const counts = parts.filter((part) => /^\d{1,15}$/.test(part)).map(Number);
  const ages = parts.filter((part) => !/^\d{1,15}$/.test(part)).map(readDuration);
  if (counts.length > 1 || ages.length > 1 || ages.includes(null) || counts.includes(0)) return null;
  return { olderThanMs: ages[0] ?? null, keep: counts[0] ?? null };
}

/** Which finished runs are removed. */
export const retentionSettings = {
  retentionAge: setting({
    group: "Retention",
    variables: ["MAXQ_RETENTION_AGE"],
    flag: null,
    default: null,
    unit: null,
    schema: duration,
    meaning: "Finished runs are removed when their end is so long ago: `12h`, `30d`; without it, at no age",
  }),
  retentionRuns: setting({
    group: "Retention",
    variables: ["MAXQ_RETENTION_RUNS"],
    flag: null,
    default: null,
    unit: null,
    schema: wholeNumber(1),
    meaning:
      "Of each flow the newest so many finished runs are kept, and older ones removed; without it, however many there are",
  }),
  retentionFlows: setting({
    group: "Retention",
    variables: ["MAXQ_RETENTION_FLOWS"],
    flag: null,
    default: "",
    unit: null,
    schema: flowRetention,
    meaning:
      "Flows with a rule of their own in place of both, separated by commas: `nightly=90d`, `ping=1000`, `import=7d/1000` (an age and a number), `billing=forever`",
  }),
} as const;

import type { PruneRequest, PrunePlace, RetentionRule, RetentionRules, Store } from "@maxq/db";

/** A rule for all flows, and none of their own, unless they are given. */
export function rules(rule: Partial<RetentionRules>): RetentionRules {
  return { olderThanMs: null, keep: null, flows: {}, ...rule };
}

/** A rule for one flow. */
export function ruleOf(rule: Partial<RetentionRule>): RetentionRule {
  return { olderThanMs: null, keep: null, ...rule };
}

/** A whole pass, batch by batch; `between` is called after each. Answers the sums. */
export async function pruneAll(
  store: Store,
  request: Partial<PruneRequest> & Pick<PruneRequest, "rules">,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly runs: number; readonly steps: number; readonly bytes: number }> {
  const sums = { runs: 0, steps: 0, bytes: 0 };
  let place: PrunePlace | null = null;
  for (let batch = 0; batch < 1_000; batch++) {
    const done = await store.prune({ flowName: null, rows: 1_000, dryRun: false, ...request, place });
    sums.runs += done.runs;
    sums.steps += done.steps;
    sums.bytes += done.bytes ?? 0;
    await between();
    // As a client would keep it.
    place = JSON.parse(JSON.stringify(done.next)) as PrunePlace | null;
    if (place === null) return sums;
  }
  throw new Error("a pass of 1,000 batches did not come to its end");
}

import type { EntryPlan, RunPlan, StagePlan } from "./plan.js";

/**
 * What every script of the load begins with. A lock is held by the script itself (descriptor 9), another by it and all that it starts (8): who cannot get the first
 * has met another live script of the same step, who cannot get the second has met what one left behind. Lines are single appending writes.
 */
const evidence = (subject: string, lock: string): string => `#!/bin/bash
say() { echo "$1 $MAXQ_RUN_ID ${subject} $MAXQ_ATTEMPT $CHAOS_WORKER $$ $EPOCHREALTIME" >>"$CHAOS_FOLDER/evidence"; }
exec 8>>"$CHAOS_FOLDER/locks/$MAXQ_RUN_ID.${lock}.tree" 9>>"$CHAOS_FOLDER/locks/$MAXQ_RUN_ID.${lock}"
flock -n 9 || say overlap
flock -n 8 9>&- || say remains
say begin
`;

/** A step: how long it takes and when it fails is in its variables. */
export const stepScript = `${evidence("$MAXQ_STEP_ID", "$MAXQ_STEP_ID")}
if [ -n "$LEAVES_PROCESSES" ]; then
  sleep 1000 9>&- &
  setsid sleep 1000 9>&- &
fi
sleep "$SECONDS_TO_TAKE" 9>&-
if [ "$MAXQ_ATTEMPT" -le "$FAILS_UNTIL" ]; then
  say failed
  exit 1
fi
say end
`;

// A request may meet a database or a worker that is away; what MaxQ has accepted, it accepts again.
const tellNext = {
  stdout: `cat "$next" 9>&-`,
  http: `until curl -fsS --max-time 20 -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/steps" -d @"$next" 9>&-; do sleep 0.2 9>&-; done`,
};

/** A flow that schedules `after-<completed stage>.json`, or `on-failure.json`, as far as they are there. */
export function flowScript(dialect: RunPlan["dialect"]): string {
  return `${evidence("flow:$MAXQ_COMPLETED_STAGE:$MAXQ_FAILED_STAGE", "flow")}
next="after-$MAXQ_COMPLETED_STAGE.json"
[ -z "$MAXQ_FAILED_STAGE" ] || next=on-failure.json
if [ -e "$next" ]; then ${tellNext[dialect]}; fi
say end
`;
}

/** The documents that the flow of a run schedules, by file name. */
export function documentsOf({ stages, onFailure }: RunPlan): Map<string, object> {
  const files = new Map<string, object>();
  let before = "";
  for (const stage of stages) {
    files.set(`after-${before}.json`, documentOf(stage));
    before = stage.name;
  }
  if (onFailure === null) return files;
  files.set("on-failure.json", documentOf(onFailure));
  const failed = stages.findIndex(({ entries }) =>
    entries.some((entry) => entry.failsUntil === "always" && !entry.allowFailure),
  );
  const following = stages[failed + 1];
  if (onFailure.recover && following !== undefined)
    files.set(`after-${onFailure.name}.json`, documentOf(following));
  return files;
}

function documentOf({ name, failFast, recover, final, entries }: StagePlan): object {
  return { stage: name, failFast, recover, final, steps: entries.map(stepOf) };
}

function stepOf(entry: EntryPlan): object {
  const { id, instances, dependsOn, maxRetries, allowFailure, ms, failsUntil, leavesProcesses } = entry;
  const env = {
    SECONDS_TO_TAKE: String(ms / 1000),
    FAILS_UNTIL: failsUntil === "always" ? "1000000" : String(failsUntil),
    LEAVES_PROCESSES: leavesProcesses ? "yes" : "",
  };
  return { id, name: "work", instances, dependsOn, maxRetries, allowFailure, env };
}

import type { FlowDocument } from "@maxq/core";
import type { ClaimedTask, Outcome } from "@maxq/db";
import { failure, printed, success } from "./outcomes.js";
import type { TestWorker } from "./test-worker.js";

/** How everything that a worker claims ends. */
export interface Script {
  /** What a call of flow.sh prints; nothing by default. */
  readonly flow?: (call: ClaimedTask) => FlowDocument | Outcome;
  /** Ids of steps that fail, whatever their attempt. */
  readonly failing?: readonly string[];
  readonly step?: (step: ClaimedTask) => Outcome;
  /** How many steps run at a time; 100 by default. */
  readonly slots?: number;
  /** Whether exchanges look for what waits while there is something to record; true by default. */
  readonly look?: boolean;
}

/** Claims and ends everything until nothing is left to claim. Answers the ids of what was started, in order; throws if it never comes to an end. */
export async function drive(worker: TestWorker, script: Script = {}): Promise<readonly string[]> {
  const started: string[] = [];
  let outcomes: readonly Outcome[] = [];
  for (let round = 0; round < 10_000; round++) {
    const look = script.look !== false || outcomes.length === 0;
    const { claimed } = await worker.exchange({
      ...{ outcomes, freeSteps: script.slots ?? 100, freeCalls: 100 },
      ...{ lookForSteps: look, lookForCalls: look },
    });
    if (claimed.length === 0 && outcomes.length === 0) return started;
    started.push(...claimed.map((task) => task.id));
    outcomes = claimed.map((task) => ended(task, script));
  }
  throw new Error("there was something to claim 10,000 times: does it loop?");
}

function ended(task: ClaimedTask, script: Script): Outcome {
  if (task.kind === "flow") {
    const said = script.flow?.(task) ?? { reason: "none" as const };
    return "reason" in said ? printed(task, said) : said;
  }
  if (script.failing?.includes(task.id)) return failure(task);
  return script.step?.(task) ?? success(task);
}

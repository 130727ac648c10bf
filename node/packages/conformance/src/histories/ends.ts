import { problem, type StagePlan } from "@maxq/core";
import type { Outcome } from "@maxq/db";
import type { Random } from "@maxq/test-kit";
import { asksFor, asksForNothing } from "../kit/a-stage.js";
import { aborted, failure, handedBack, lost, output, printed, success } from "../kit/outcomes.js";
import type { Held } from "./hand.js";

/** How something ends, and the stage that it prints, if it does. */
export interface End {
  readonly outcome: Outcome;
  readonly asks: StagePlan | null;
}

/** All that can happen to a script. */
export function someEnd(random: Random, held: Held, plans: readonly StagePlan[]): End {
  const { task, control } = held;
  const ends = control === "abort" || control === "fail";
  if (ends && random.chance(0.7)) return { outcome: aborted(task), asks: null };
  const change = random.chance(0.3) ? { output: output(`output of ${task.id}`) } : {};
  const roll = random.next();
  if (roll < 0.05) return { outcome: handedBack(task), asks: null };
  if (roll < 0.1) return { outcome: lost(task), asks: null };
  if (task.kind === "step") {
    const fields = random.chance(0.2) ? { n: 1 } : null;
    return { outcome: roll < 0.7 ? success(task, { ...change, fields }) : failure(task, change), asks: null };
  }
  if (roll < 0.15) return { outcome: failure(task, change), asks: null };
  if (roll < 0.18) return { outcome: printed(task, invalid), asks: null };
  if (roll < 0.23)
    return { outcome: printed(task, { reason: "final", output: random.pick([undefined, 1]) }), asks: null };
  if (roll < 0.4) return { outcome: printed(task, asksForNothing, change), asks: null };
  const asks = random.pick(plans);
  return { outcome: printed(task, asksFor(asks), change), asks };
}

const invalid = {
  reason: "invalid" as const,
  problem: problem("INVALID_FLOW_OUTPUT", "not a document"),
};

/** As it ends when nothing goes wrong any more. */
export function calmEnd({ task, control }: Held): Outcome {
  return control === "abort" || control === "fail" ? aborted(task) : success(task);
}

import type { Tx } from "../../driver.js";
import type { OpenRun } from "../run/open-run.js";
import { numberRows, type ReadyRow } from "./number.js";

/**
 * Takes satisfied steps off the counters of what waits for them, directly and through their gates, and answers what reached zero.
 * A gate lets its dependents go when its last step has arrived.
 */
export async function releaseDependents(
  tx: Tx,
  steps: readonly { readonly key: number; readonly gateKey: number | null }[],
): Promise<ReadyRow[]> {
  const moved = await tx.all<ReadyRow & { depsRemaining: number }>("step.decrement", {
    keys: steps.map((step) => step.key),
    gateKeys: await openGates(tx, steps),
  });
  return moved.filter((row) => row.depsRemaining === 0).sort((a, b) => a.key - b.key);
}

/** Lets steps arrive at their gates; answers the gates that open by it. */
async function openGates(tx: Tx, steps: readonly { readonly gateKey: number | null }[]): Promise<number[]> {
  const arrived = new Map<number, number>();
  for (const { gateKey } of steps)
    if (gateKey !== null) arrived.set(gateKey, (arrived.get(gateKey) ?? 0) + 1);
  const open: number[] = [];
  for (const [gateKey, count] of arrived) {
    const [gate] = await tx.all<{ remaining: number }>("gate.arrive", { gateKey, count });
    if (gate?.remaining === 0) open.push(gateKey);
  }
  return open;
}

/** Makes ready rows of one stage claimable, as many as its `maxParallel` allows. */
export async function admitReady(
  tx: Tx,
  run: OpenRun,
  stage: { readonly key: number; readonly maxParallel: number | null },
  ready: readonly ReadyRow[],
): Promise<void> {
  if (stage.maxParallel === null) return numberRows(tx, run, ready);
  if (run.control !== null) return;
  const [room] = await tx.all<{ room: number }>("stage.room", { stageKey: stage.key });
  const parked = await tx.all<ReadyRow>("step.parked", {
    stageKey: stage.key,
    limit: Math.max(0, room?.room ?? 0),
  });
  if (parked.length === 0) return;
  await tx.run("stage.occupy", { stageKey: stage.key, delta: parked.length });
  await numberRows(tx, run, parked);
}

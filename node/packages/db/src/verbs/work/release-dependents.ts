import type { Tx } from "../../driver.js";
import type { OpenRun } from "../run/open-run.js";
import { numberRows, type ReadyRow } from "./number.js";

/**
 * Takes a satisfied step off the counters of what waits for it, directly and through its gate, and answers what reached zero.
 * A gate lets its dependents go when its last step has arrived.
 */
export async function releaseDependents(
  tx: Tx,
  step: { key: number; gateKey: number | null },
): Promise<ReadyRow[]> {
  const targets = (await tx.all<{ toKey: number }>("step_edge.targets", { fromKey: step.key })).map(
    (row) => row.toKey,
  );
  if (step.gateKey !== null) {
    const [gate] = await tx.all<{ remaining: number }>("gate.arrive", { gateKey: step.gateKey });
    if (gate?.remaining === 0) {
      for (const row of await tx.all<{ toKey: number }>("gate_edge.targets", { gateKey: step.gateKey }))
        targets.push(row.toKey);
    }
  }
  if (targets.length === 0) return [];
  // A target may wait for the step itself and for the gate: it loses one for each.
  const losses = new Map<number, number>();
  for (const key of targets) losses.set(key, (losses.get(key) ?? 0) + 1);
  const rows = JSON.stringify([...losses].map(([key, n]) => ({ key, n })));
  const moved = await tx.all<ReadyRow & { depsRemaining: number }>("step.decrement", { rows });
  return moved.filter((row) => row.depsRemaining === 0).sort((a, b) => a.key - b.key);
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

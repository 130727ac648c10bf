import { setTimeout as sleep } from "node:timers/promises";
import { Cgroup } from "../containment/cgroup.js";
import { LAUNCHER_VARIABLE, MARK_VARIABLE, OUTLIVES_VARIABLE } from "../launcher/frames.js";
import { killStrays } from "../launcher/strays.js";
import { hasInEnvironment, killProcess, processesWith } from "../launcher/processes.js";

/** A launcher whose engine died kills more than anybody else can find; so long it may take for that, in ms. */
const LAUNCHER_MS = 5000;
const POLL_MS = 5;

/**
 * Kills what a process left running that died: waits for its launchers, which kill everything themselves, then looks for processes that carry its mark (see
 * `ownerMark`). Only call it for a process that is gone for certain, and whose launcher nobody is to adopt. Answers whether nothing is left that can be found and
 * killed; never throws.
 */
export async function killRemains(mark: string): Promise<boolean> {
  if (mark === "") return true;
  await launchersEnd(`${LAUNCHER_VARIABLE}=${mark}\0`);
  let gone = await killStrays(`${MARK_VARIABLE}=${mark}.`, []);
  for (const group of Cgroup.beginning(`${mark}.`)) gone = (await group.end()) && gone;
  return gone;
}

/** Whether a launcher with this mark lives that goes on without its engine: its scripts run until a successor, or its deadline, comes. */
export function outlivesItsEngine(mark: string): boolean {
  if (mark === "") return false;
  const launchers = processesWith(`${LAUNCHER_VARIABLE}=${mark}\0`);
  return launchers.some((pid) => hasInEnvironment(pid, `${OUTLIVES_VARIABLE}=1\0`));
}

async function launchersEnd(mark: string): Promise<void> {
  const began = performance.now();
  for (;;) {
    const launchers = processesWith(mark);
    if (launchers.length === 0) return;
    const overdue = performance.now() - began > LAUNCHER_MS;
    if (overdue) for (const pid of launchers) killProcess(pid);
    if (performance.now() - began > 2 * LAUNCHER_MS) return;
    await sleep(POLL_MS);
  }
}

import { setTimeout as sleep } from "node:timers/promises";
import { LAUNCHER_VARIABLE, MARK_VARIABLE } from "../launcher/frames.js";
import { killStrays } from "../launcher/strays.js";
import { killProcess, processesWith } from "../launcher/processes.js";
import { ownerMark, type OwnerProcess } from "./owner.js";

/** A launcher whose engine died kills more than anybody else can find; so long it may take for that, in ms. */
const LAUNCHER_MS = 5000;
const POLL_MS = 5;

/**
 * Kills what a process left running that died: waits for its launchers, which kill everything themselves, then looks for processes that carry its mark. Only call
 * it for a process that is gone for certain. Answers whether nothing is left that can be found and killed; never throws.
 */
export async function killRemains(dead: OwnerProcess): Promise<boolean> {
  const owner = ownerMark(dead);
  if (owner === null) return true;
  await launchersEnd(`${LAUNCHER_VARIABLE}=${owner}\0`);
  return killStrays(`${MARK_VARIABLE}=${owner}.`, []);
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

import { setTimeout as sleep } from "node:timers/promises";
import { KnownState, MARK_VARIABLE } from "./frames.js";
import { LauncherClient } from "./client.js";
import { connectLauncher } from "./channel.js";
import type { ScriptRunnerOptions } from "../runner/options.js";
import type { LauncherSurroundings } from "./launched.js";
import { killStrays } from "./strays.js";

/** A dead engine's threads end one after the other: until the last has, the launcher takes it for alive and nobody else in. */
const ATTEMPTS = 150;
const PAUSE_MS = 20;

/**
 * The launcher that a dead engine left in this place, if it lives, speaks this version and carries the mark of one of the predecessors (see `ownerMark`), and
 * if this engine's launchers may outlive it; null otherwise: then it was told to kill everything, and is gone.
 */
export async function inheritLauncher(
  { workDir, predecessors, outlives }: Pick<ScriptRunnerOptions, "workDir" | "predecessors" | "outlives">,
  surroundings: LauncherSurroundings,
): Promise<LauncherClient | null> {
  const marks = outlives ? (predecessors ?? []) : [];
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const channel = await connectLauncher(workDir);
    if (channel === null) return null;
    const client = LauncherClient.inherit(channel, surroundings);
    const ready = await client.ready;
    if (ready && client.owner !== null && marks.includes(client.owner)) {
      await killEarlierStrays(client, client.owner);
      return client;
    }
    const refused = !client.usable;
    await client.close();
    if (!refused) {
      surroundings.logger.warn("a launcher that cannot be adopted was found, and ended with all that it ran");
      return null;
    }
    await sleep(PAUSE_MS);
  }
  return null;
}

/** The engine died while it cleared up after a launcher before this one: what that one's scripts had forked may live. */
async function killEarlierStrays(client: LauncherClient, owner: string): Promise<void> {
  if (!client.known.some(({ state }) => state === KnownState.lost)) return;
  await killStrays(`${MARK_VARIABLE}=${owner}.`, [], client.mark);
}

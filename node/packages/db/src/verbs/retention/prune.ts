import type { Driver, Params } from "../../driver.js";
import type { Pruned, PrunePlace, PruneRequest } from "../../store/retention.js";
import { markRun, removeMarked } from "./marked.js";
import { beforeAll, nextPlace } from "./place.js";
import { removeRuns } from "./remove-runs.js";

/** Runs that are looked at in one go: how many rows each has is counted, which is a third of the work. */
const mostAtOnce = 400;

/** No run has fewer: its own, those of a flow call, and an event. */
const fewestRows = 9;

interface Candidate {
  readonly id: string;
  readonly createdAt: number;
  /** A run that it belongs to is not over. */
  readonly held: boolean | number;
  readonly steps: number;
  /** About how many hang on it. */
  readonly rows: number;
}

/** See `RetentionStore.prune`. */
export async function prune(driver: Driver, request: PruneRequest): Promise<Pruned> {
  const { dryRun, rows } = request;
  const place = request.place ?? (await nextPlace(driver, request, null));
  const bytes = dryRun ? 0 : null;
  if (!dryRun && (await removeMarked(driver, rows)))
    return { runs: 0, steps: 0, bytes, next: place ?? unfinished };
  // What was begun is all that was left to do.
  if (place === null || place.flowName === unfinished.flowName)
    return { runs: 0, steps: 0, bytes, next: null };
  const found = await driver.all<Candidate>("retention.candidates", {
    ...placeParams(place),
    limit: atOnce(rows),
  });
  if (found.length === 0) {
    const next = await nextPlace(driver, request, place.flowName);
    return { runs: 0, steps: 0, bytes, next };
  }
  const { batch, last } = firstOf(found, rows);
  const next = { ...place, after: { createdAt: last.createdAt, id: last.id } };
  if (dryRun) return { ...sumOf(batch), bytes: await measure(driver, batch), next };
  return { ...sumOf(await remove(driver, batch, rows)), bytes, next };
}

/** The place of a pass that has seen every flow, and goes on with what is marked. No flow has this name. */
const unfinished: PrunePlace = { flowName: "", completedBefore: -1, upTo: beforeAll, after: beforeAll };

function atOnce(rows: number): number {
  return Math.min(mostAtOnce, Math.ceil(rows / fewestRows) + 1);
}

function placeParams({ flowName, completedBefore, upTo, after }: PrunePlace): Params {
  return {
    flowName,
    completedBefore,
    upToAt: upTo.createdAt,
    upToId: upTo.id,
    afterAt: after.createdAt,
    afterId: after.id,
  };
}

/** As many of the runs as have so many rows together, at least one; and the last that was looked at. */
function firstOf(found: readonly Candidate[], rows: number): { batch: Candidate[]; last: Candidate } {
  const batch: Candidate[] = [];
  let sum = 0;
  let last = found[0]!;
  for (const candidate of found) {
    if (!candidate.held) {
      sum += candidate.rows;
      if (batch.length > 0 && sum > rows) break;
      batch.push(candidate);
    }
    last = candidate;
  }
  return { batch, last };
}

/** Removes what is still to be had of them, and answers which those were. A run that alone has too many rows is marked. */
function remove(driver: Driver, batch: readonly Candidate[], rows: number): Promise<readonly Candidate[]> {
  if (batch.length === 0) return Promise.resolve([]);
  return driver.transaction(async (tx) => {
    const runIds = batch.map(({ id }) => id);
    const locked = await tx.all<{ id: string }>("retention.lock_runs", { runIds });
    const ids = locked.map(({ id }) => id);
    const taken = batch.filter(({ id }) => ids.includes(id));
    if (taken.length === 1 && taken[0]!.rows > rows) await markRun(tx, ids[0]!);
    else if (taken.length > 0) await removeRuns(tx, ids);
    return taken;
  });
}

async function measure(driver: Driver, batch: readonly Candidate[]): Promise<number> {
  const runIds = batch.map(({ id }) => id);
  const [row] = await driver.all<{ bytes: number }>("retention.measure", { runIds });
  return row?.bytes ?? 0;
}

function sumOf(runs: readonly Candidate[]): { runs: number; steps: number } {
  return { runs: runs.length, steps: runs.reduce((sum, { steps }) => sum + steps, 0) };
}

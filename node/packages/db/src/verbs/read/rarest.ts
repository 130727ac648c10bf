import type { Driver, Params } from "../../driver.js";

/** A way to read a list: the index that it goes through, and what is expected to be in that. */
export interface Lead {
  /** The statement that gives what would be gone through. It is never run. */
  readonly matches: string;
  readonly where: Params;
  /** What each entry costs, in entries of an index gone through for nothing else. */
  readonly entryCost: number;
}

/**
 * The way that costs least, and about how many the rarest of the conditions lets through. A page and a count are full sooner, too, the rarer the condition is that
 * they begin with: what is gone through for each match is one in as many as the other conditions let through. Where there is no choice, nothing is estimated before it is asked for.
 */
export async function rarest<L extends Lead>(
  driver: Driver,
  [first, ...others]: readonly [L, ...L[]],
): Promise<L & { readonly estimate: () => Promise<number> }> {
  if (others.length === 0) return { ...first, estimate: () => driver.estimate(first.matches, first.where) };
  let best = first;
  let least = await driver.estimate(first.matches, first.where);
  let cost = least * first.entryCost;
  for (const lead of others) {
    const expected = await driver.estimate(lead.matches, lead.where, Math.ceil(cost / lead.entryCost));
    least = Math.min(least, expected);
    if (expected * lead.entryCost < cost) [best, cost] = [lead, expected * lead.entryCost];
  }
  return { ...best, estimate: () => Promise.resolve(least) };
}

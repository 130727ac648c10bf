import type { Driver, Params } from "../../driver.js";

/** A way to read a list: the index that it goes through, and what is expected to be in that. */
export interface Lead {
  /** The statement that gives what would be gone through. It is never run. */
  readonly matches: string;
  readonly where: Params;
  /** What each entry costs, in entries of an index gone through for nothing else. */
  readonly entryCost: number;
}

/** Where a database counts, it does so first as far as this, and only if that decides nothing as far as it estimates at all. */
const bounds = [25_000, 100_000];

interface Expected<L extends Lead> {
  readonly lead: L;
  /** At least. */
  readonly count: number;
  readonly isKnown: boolean;
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
  let all: readonly Expected<L>[] = [first, ...others].map((lead) => ({ lead, count: 0, isKnown: false }));
  let best = all[0]!;
  for (const bound of bounds) {
    all = await expectations(driver, all, bound);
    best = all.reduce((a, b) => (cost(b) < cost(a) ? b : a));
    // Of the others it may be known only that they are more.
    if (best.isKnown) break;
  }
  const known = all.filter(({ isKnown }) => isKnown).map(({ count }) => count);
  return {
    ...best.lead,
    estimate: () => Promise.resolve(Math.min(...(known.length > 0 ? known : [best.count]))),
  };
}

async function expectations<L extends Lead>(
  driver: Driver,
  all: readonly Expected<L>[],
  bound: number,
): Promise<readonly Expected<L>[]> {
  const next: Expected<L>[] = [];
  for (const each of all) {
    if (each.isKnown) next.push(each);
    else {
      const count = await driver.estimate(each.lead.matches, each.lead.where, bound);
      next.push({ lead: each.lead, count, isKnown: count !== bound });
    }
  }
  return next;
}

function cost<L extends Lead>({ lead, count }: Expected<L>): number {
  return lead.entryCost * count;
}

/**
 * Who acts when, as parts of a lease, counted from before its last renewal was sent. The worker and its launcher hold to the same moment; the rest of the
 * lease is what killing may take. Others count a whole lease from when the renewal was committed, which is later. See docs/decisions/who-kills-when.md.
 */
export const leaseParts = {
  /** The worker renews. */
  renew: 1 / 6,
  /** The worker starts nothing more and kills, and so does its launcher, on its own. */
  kill: 11 / 12,
} as const;

/** Of several rounds: the middle one, and the least and greatest beside it. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

/** Of at least one value. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  return { median, least: sorted[0]!, greatest: sorted[sorted.length - 1]! };
}

/** The value below which so many of a hundred lie; nearest rank. Of at least one value. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!;
}

/** `1.02 (0.97 – 1.06)`. */
export function show({ median, least, greatest }: Spread, digits = 2): string {
  if (least === greatest) return median.toFixed(digits);
  return `${median.toFixed(digits)} (${least.toFixed(digits)} – ${greatest.toFixed(digits)})`;
}

/** Of several rounds: the middle one, and the least and greatest beside it. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly greatest: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1]!, least: sorted[0]!, greatest: sorted[sorted.length - 1]! };
}

/** `1.02 (0.97 – 1.06)`. */
export function show({ median, least, greatest }: Spread, digits = 2): string {
  return `${median.toFixed(digits)} (${least.toFixed(digits)} – ${greatest.toFixed(digits)})`;
}

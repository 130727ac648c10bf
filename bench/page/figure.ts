import type { Bound, Row } from "../case.js";
import { show, spread } from "../statistics.js";

/** Of each round, what is judged: the comparison where there is one, else what was measured. */
export function judged({ measured, reference, compare }: Row): readonly number[] {
  if (compare === undefined) return measured;
  const others = reference?.measured ?? [];
  switch (compare) {
    case "reference ÷ measured":
      return measured.map((value, round) => others[round]! / value);
    case "measured ÷ reference":
      return measured.map((value, round) => value / others[round]!);
    case "measured − reference":
      return measured.map((value, round) => value - others[round]!);
  }
}

/** `1.02 (0.97 – 1.06)` with its unit, which is the row's unless it is a ratio. */
export function judgedText(row: Row): string {
  const isRatio = row.compare?.includes("÷") ?? false;
  const text = show(spread(judged(row)), isRatio ? 2 : (row.digits ?? 2));
  return isRatio ? text : `${text} ${row.unit}`;
}

/** `≤ 0.7`; empty where there is none. */
export function boundText(bound: Bound | undefined): string {
  if (bound === undefined) return "";
  return "atLeast" in bound ? `≥ ${bound.atLeast}` : `≤ ${bound.atMost}`;
}

/** `aim`: reaches that; `must`: that at least; `missed`: not even that; empty where nothing is asked. */
export function verdict(row: Row): "aim" | "must" | "missed" | "" {
  const { median } = spread(judged(row));
  const keeps = (bound: Bound): boolean =>
    "atLeast" in bound ? median >= bound.atLeast : median <= bound.atMost;
  if (row.must !== undefined && !keeps(row.must)) return "missed";
  if (row.aim !== undefined && keeps(row.aim)) return "aim";
  if (row.must !== undefined) return "must";
  return row.aim === undefined ? "" : "missed";
}

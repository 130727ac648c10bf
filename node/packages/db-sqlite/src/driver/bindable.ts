import type { Params } from "@maxq/db";

/** What SQLite takes for a parameter. */
export type Bindable = string | number | bigint | null;

/** As SQLite takes it: arrays as JSON text, booleans as 0 and 1, whole numbers as INTEGER (a plain number would be bound as REAL). */
export function bindable(value: Params[string]): Bindable {
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (value === null || typeof value === "string") return value;
  return JSON.stringify(value);
}

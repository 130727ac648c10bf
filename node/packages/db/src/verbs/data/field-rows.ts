import type { Json } from "@maxq/core";
import { plainText } from "../plain-text.js";

/** A field as its row keeps it. */
export interface FieldRow {
  readonly name: string;
  /** JSON text. */
  readonly value: string;
}

/** Fields as rows, for a JSON parameter. Of names that are stored alike the last counts: one statement cannot write a row twice. */
export function fieldRows(fields: Readonly<Record<string, Json>>): readonly FieldRow[] {
  const rows = new Map<string, FieldRow>();
  for (const [given, value] of Object.entries(fields)) {
    const name = plainText(given);
    rows.set(name, { name, value: JSON.stringify(value) });
  }
  return [...rows.values()];
}

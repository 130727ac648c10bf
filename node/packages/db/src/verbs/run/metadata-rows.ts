import type { Json } from "@maxq/core";
import { plainText } from "../plain-text.js";

/** One top-level value of a run's metadata, as lists find it. */
export interface MetadataRow {
  readonly name: string;
  readonly value: string;
}

/** Characters (code points, as SQL counts them) of a name or a value that are indexed. */
const indexed = 200;

/** What a run's metadata can be filtered by: the text of each top-level value, names and values cut at 200 characters. Metadata that is no object has none. */
export function metadataRows(metadata: Json): readonly MetadataRow[] {
  if (metadata === null || typeof metadata !== "object" || Array.isArray(metadata)) return [];
  const rows = new Map<string, string>();
  for (const [name, value] of Object.entries(metadata))
    rows.set(cut(name), cut(typeof value === "string" ? value : JSON.stringify(value)));
  return [...rows].map(([name, value]) => ({ name, value }));
}

/** Whether a row says all of a name and a value, or they go on after what it holds. */
export function isWhole({ name, value }: MetadataRow): boolean {
  return Array.from(name).length < indexed && Array.from(value).length < indexed;
}

function cut(text: string): string {
  return text.length <= indexed ? plainText(text) : plainText(Array.from(text).slice(0, indexed).join(""));
}

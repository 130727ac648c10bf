/** Where a page ended: the value the list is sorted by, and the id that decides between equal values ("" where values are unique). */
export interface Cursor {
  readonly value: number | string;
  readonly id: string;
}

/** The opaque text that stands for a place in a list. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify([cursor.value, cursor.id])).toString("base64url");
}

/** Reads what `encodeCursor` wrote; null for any other text, which the API refuses. A list given such a text answers an empty page. */
export function parseCursor(text: string): Cursor | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    return null;
  }
  if (!Array.isArray(parsed) || parsed.length !== 2) return null;
  const [value, id] = parsed as unknown[];
  if (typeof id !== "string") return null;
  return typeof value === "string" || Number.isSafeInteger(value)
    ? { value: value as number | string, id }
    : null;
}

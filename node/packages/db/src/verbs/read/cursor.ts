/** Where a page ended: the value the list is sorted by, and the id that decides between equal values ("" where values are unique). */
export interface Cursor {
  readonly value: number | string;
  readonly id: string;
}

/** The opaque text that stands for a place in a list. `list` names the list and its order: in another one the place means nothing. */
export function encodeCursor(list: string, cursor: Cursor): string {
  return Buffer.from(JSON.stringify([list, cursor.value, cursor.id])).toString("base64url");
}

/** Reads what `encodeCursor` wrote for this list; null for any other text. */
export function parseCursor(list: string, text: string): Cursor | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(text, "base64url").toString());
  } catch {
    return null;
  }
  if (!Array.isArray(parsed) || parsed.length !== 3) return null;
  const [of, value, id] = parsed as unknown[];
  if (of !== list || typeof id !== "string") return null;
  return typeof value === "string" || Number.isSafeInteger(value)
    ? { value: value as number | string, id }
    : null;
}

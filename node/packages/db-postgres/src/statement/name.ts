import { createHash } from "node:crypto";

const LONGEST = 63;

const names = new Map<string, { readonly text: string; readonly prepared: string }>();

/** The name under which a connection prepares a statement: other texts have other names, and none is cut (PostgreSQL cuts at 63 bytes, silently). */
export function preparedName(name: string, text: string): string {
  const known = names.get(name);
  if (known?.text === text) return known.prepared;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  const prepared = `${name.slice(0, LONGEST - hash.length - 1)}_${hash}`;
  names.set(name, { text, prepared });
  return prepared;
}

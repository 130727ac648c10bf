import type { Json } from "./entities.js";

/** What is said of a body or document with such a number; its name comes before. */
export const hasHugeNumber = "has a number that is too large for JavaScript. Send it as text.";

/**
 * Why what was read as JSON cannot be kept: arrays and objects are nested more than `levels` deep, or a number is so large that it was read as Infinity and would be
 * written as `null`. Null: it can. Does not recurse, so any value can be asked about.
 */
export function unfitJson(value: unknown, levels: number): "depth" | "number" | null {
  if (isHuge(value)) return "number";
  let layer = isNested(value) ? [value] : [];
  for (let depth = 1; layer.length > 0; depth++) {
    if (depth > levels) return "depth";
    const next: object[] = [];
    for (const parent of layer) {
      for (const child of Array.isArray(parent) ? (parent as unknown[]) : Object.values(parent)) {
        if (isNested(child)) next.push(child);
        else if (isHuge(child)) return "number";
      }
    }
    layer = next;
  }
  return null;
}

function isHuge(value: unknown): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

/** JSON text in which keys are sorted, so that equal values have equal text. Recurses: bound the depth first. */
export function canonicalJson(value: Json): string {
  return JSON.stringify(value, (_key, child: unknown) =>
    isNested(child) && !Array.isArray(child) ? sorted(child) : child,
  );
}

/** Length in bytes of a value as compact JSON in UTF-8. */
export function jsonBytes(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function isNested(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function sorted(object: object): unknown {
  const entries = Object.entries(object).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries);
}

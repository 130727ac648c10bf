import type { Json } from "./entities.js";

/** Whether arrays and objects are nested more than `levels` deep. Does not recurse, so any value can be asked about. */
export function isDeeperThan(value: unknown, levels: number): boolean {
  let layer = isNested(value) ? [value] : [];
  for (let depth = 1; layer.length > 0; depth++) {
    if (depth > levels) return true;
    const next: object[] = [];
    for (const parent of layer) {
      for (const child of Array.isArray(parent) ? (parent as unknown[]) : Object.values(parent)) {
        if (isNested(child)) next.push(child);
      }
    }
    layer = next;
  }
  return false;
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

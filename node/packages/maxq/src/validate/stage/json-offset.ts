import { isSpace, scanJson } from "@maxq/core";

type Path = readonly (string | number)[];

/** `steps[3].env.A` as `["steps", 3, "env", "A"]`. */
export function parsePath(path: string): Path {
  return [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, key, index]) => key ?? Number(index));
}

/** Where a path leads in a JSON text that is valid from `from`: a member's key, or an item. As far as it leads: what is missing stands for what should have it. */
export function offsetOf(text: string, from: number, path: Path): number {
  let value = skip(text, from);
  let place = value;
  for (const part of path) {
    const found = typeof part === "number" ? item(text, value, part) : member(text, value, part);
    if (found === null) return place;
    ({ place, value } = found);
  }
  return place;
}

interface Found {
  readonly place: number;
  readonly value: number;
}

function member(text: string, object: number, name: string): Found | null {
  if (text[object] !== "{") return null;
  let at = skip(text, object + 1);
  while (text[at] === '"') {
    const end = endOf(text, at);
    const value = skip(text, skip(text, end) + 1);
    if (JSON.parse(text.slice(at, end)) === name) return { place: at, value };
    at = skip(text, endOf(text, value));
    if (text[at] === ",") at = skip(text, at + 1);
  }
  return null;
}

function item(text: string, array: number, index: number): Found | null {
  if (text[array] !== "[") return null;
  let at = skip(text, array + 1);
  for (let number = 0; at < text.length && text[at] !== "]"; number++) {
    if (number === index) return { place: at, value: at };
    at = skip(text, endOf(text, at));
    if (text[at] === ",") at = skip(text, at + 1);
  }
  return null;
}

function endOf(text: string, value: number): number {
  const scan = scanJson(text, value);
  return scan.ok ? scan.end : text.length;
}

function skip(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

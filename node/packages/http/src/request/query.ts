import { problem, type Problem } from "@maxq/core";
import { notDecodable } from "../answer/failure.js";

/** A query as names and texts. */
export type QueryTexts =
  | { readonly reason: "read"; readonly values: Readonly<Record<string, string>> }
  | { readonly reason: "refused"; readonly problem: Problem };

/** Reads the query of a URL. Each name may be given once; one without `=` counts as `true`; escapes must be UTF-8 and hold no NUL. */
export function readQuery(url: string): QueryTexts {
  const start = url.indexOf("?");
  const values = new Map<string, string>();
  for (const part of start < 0 ? [] : url.slice(start + 1).split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = decode(equals < 0 ? part : part.slice(0, equals));
    const value = decode(equals < 0 ? "true" : part.slice(equals + 1));
    if (name === null || value === null) return { reason: "refused", problem: notDecodable() };
    if (name.includes("\0") || value.includes("\0"))
      return refused(name, "has a NUL character in it. Leave it out.");
    if (values.has(name))
      return refused(
        name,
        "is given more than once. Give it once; several values are separated by commas where they are allowed.",
      );
    values.set(name, value);
  }
  return { reason: "read", values: Object.fromEntries(values) };
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return null;
  }
}

function refused(name: string, what: string): QueryTexts {
  const shown = name.replaceAll("\0", "\\u0000").slice(0, 100);
  return {
    reason: "refused",
    problem: problem("INVALID_REQUEST", `The query parameter \`${shown}\` ${what}`, { path: shown }),
  };
}

import { readFileSync } from "node:fs";
import type { Json } from "@maxq/core";

/** A run's input from the command line: JSON, `@file`, or `@-` for standard input; `null` if none is given. */
export type ReadInput =
  | { readonly reason: "read"; readonly input: Json }
  | { readonly reason: "invalid"; readonly message: string };

export function readInput(text: string | undefined): ReadInput {
  if (text === undefined) return { reason: "read", input: null };
  const file = text.startsWith("@") ? text.slice(1) : null;
  const source = file === null ? "--input" : file === "-" ? "Standard input" : file;
  let json = text;
  try {
    if (file !== null) json = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { reason: "invalid", message: `The input cannot be read: ${why}. Correct the path after the @.` };
  }
  try {
    return { reason: "read", input: JSON.parse(json) as Json };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = file === null ? ` Write JSON such as '{"key": "value"}', or @file.` : "";
    return { reason: "invalid", message: `${source} is not JSON: ${why}.${hint}` };
  }
}

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { hasHugeNumber, messageOf, unfitJson, type Json } from "@maxq/core";
import type { Terminal } from "../command/invocation.js";

/** A run's input from the command line: JSON, `@file`, or `@-` for standard input; `null` if none is given. */
export type ReadInput =
  | { readonly reason: "read"; readonly input: Json }
  | { readonly reason: "invalid"; readonly message: string };

export async function readInput(given: string | undefined, terminal: Terminal): Promise<ReadInput> {
  if (given === undefined) return { reason: "read", input: null };
  const file = given.startsWith("@") ? given.slice(1) : null;
  const source = file === null ? "--input" : file === "-" ? "Standard input" : file;
  let json = given;
  try {
    if (file !== null) json = file === "-" ? await readToEnd(terminal) : await readFile(file, "utf8");
  } catch (error) {
    const why = messageOf(error);
    return { reason: "invalid", message: `The input cannot be read: ${why}. Correct the path after the @.` };
  }
  try {
    const input = JSON.parse(json) as Json;
    // How deep it may be nested, the server knows.
    return unfitJson(input, Infinity) === "number"
      ? { reason: "invalid", message: `${source} ${hasHugeNumber}` }
      : { reason: "read", input };
  } catch (error) {
    const why = messageOf(error);
    const hint = file === null ? ` Write JSON such as '{"key": "value"}', or @file.` : "";
    return { reason: "invalid", message: `${source} is not JSON: ${why}.${hint}` };
  }
}

/** A pipe may be non-blocking, and then only the stream waits for it; a terminal is read beside its stream, which a watched run still asks for keys. */
function readToEnd({ stdin }: Terminal): Promise<string> | string {
  return stdin.isTTY ? readFileSync(0, "utf8") : text(stdin);
}

import * as z from "zod";
import { didYouMean } from "./did-you-mean.js";
import { shortKey } from "./short-key.js";

/** An object that refuses keys it does not have, and says which one was probably meant. Every body and document of MaxQ is made of these. */
export function strictObject<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const known = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? unknownKeys((issue as { keys?: string[] }).keys, known)
        : undefined,
  });
}

function unknownKeys(keys: readonly string[] = [], known: readonly string[]): string {
  const [first = ""] = keys;
  const others = keys.length > 1 ? ` (and ${keys.length - 1} more)` : "";
  return `has an unknown key ${JSON.stringify(shortKey(first))}${others}.${didYouMean(first, known)}`;
}

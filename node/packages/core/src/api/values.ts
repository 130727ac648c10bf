import * as z from "zod";
import { maxInt32 } from "../max-int32.js";

/** Text that can be stored and shown: at most `most` characters, and what `storable` says. */
export function textSchema(most: number) {
  return storable(z.string().max(most));
}

/** No NUL, and no half of a surrogate pair, which UTF-8 has no bytes for: a text is kept exactly or refused. */
export function storable(text: z.ZodString) {
  return text
    .refine((given) => !given.includes("\0"), { error: "holds a NUL character. Leave it out" })
    .refine((given) => given.isWellFormed(), {
      error: "holds half of a surrogate pair (U+D800 to U+DFFF). Send the whole character, or leave it out",
    });
}

/** A point in time: epoch milliseconds. */
export const timeSchema = z
  .int()
  .min(0)
  .meta({ description: "Epoch milliseconds", example: 1_767_225_600_000 });

/** A run's or task's priority. */
export const prioritySchema = z.int().min(-maxInt32).max(maxInt32);

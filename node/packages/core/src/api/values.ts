import * as z from "zod";
import { maxInt32 } from "../max-int32.js";

/** Text that can be stored and shown: at most `most` characters, no NUL. */
export function textSchema(most: number) {
  return z
    .string()
    .max(most)
    .refine((text) => !text.includes("\0"), { error: "holds a NUL character. Leave it out" });
}

/** A point in time: epoch milliseconds. */
export const timeSchema = z
  .int()
  .min(0)
  .meta({ description: "Epoch milliseconds", example: 1_767_225_600_000 });

/** A run's or task's priority. */
export const prioritySchema = z.int().min(-maxInt32).max(maxInt32);

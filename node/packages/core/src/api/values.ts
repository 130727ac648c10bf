import * as z from "zod";

/** The greatest number that fits every store's integer columns and a timer. */
export const maxInt32 = 2_147_483_647;

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

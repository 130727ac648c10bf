import * as z from "zod";

/** A whole number in a query: digits only, within bounds. Read as a number; documented as an integer. */
export function numberText(least: number, most: number, meta: Record<string, unknown> = {}) {
  return z
    .string()
    .refine((text) => /^(0|[1-9][0-9]{0,15})$/.test(text), { error: "must be a whole number, in digits" })
    .transform(Number)
    .pipe(z.number().min(least).max(most))
    .meta({ override: { type: "integer", minimum: least, maximum: most, ...meta } });
}

/** `true` or `false` in a query, or `1` or `0`. Documented as a boolean: the words of the enum are none. */
export const flagText = z
  .enum(["true", "false", "1", "0"])
  .transform((text) => text === "true" || text === "1")
  .meta({
    override: ({ jsonSchema }: { readonly jsonSchema: Record<string, unknown> }) => {
      jsonSchema.type = "boolean";
      delete jsonSchema.enum;
    },
  });

/** Several of the words, separated by commas, in a query: `running,failed`. One that is given twice counts once: a list would have everything of it twice. */
export function wordsText<Word extends string>(words: readonly Word[]) {
  const known = new Set<string>(words);
  return z
    .string()
    .transform((text, context): readonly Word[] => {
      const parts = text.split(",").map((part) => part.trim());
      const wrong = parts.find((part) => !known.has(part));
      if (wrong === undefined) return [...new Set(parts as Word[])];
      context.addIssue(
        `has ${JSON.stringify(wrong.slice(0, 60))}; allowed, separated by commas, are ${words.join(", ")}`,
      );
      return z.NEVER;
    })
    .meta({
      override: { type: "string", description: `One or several of ${words.join(", ")}, separated by commas` },
    });
}

/** Several texts, separated by commas, in a query; empty ones and repeats are left out. */
export const listText = z
  .string()
  .transform((text): readonly string[] => [...new Set(text.split(",").filter((part) => part !== ""))])
  .meta({ override: { type: "string", description: "One or several, separated by commas" } });

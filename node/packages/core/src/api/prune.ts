import * as z from "zod";
import { flowNamePattern } from "../names.js";
import { strictObject } from "../strict-object.js";

/** `POST /prune`. */
export const pruneBodySchema = strictObject({
  olderThanMs: z
    .int()
    .min(0)
    .optional()
    .meta({ description: "Runs go whose end is longer ago", example: 2_592_000_000 }),
  keep: z.int().min(0).optional().meta({
    description: "Of each flow the newest so many finished runs stay, and older ones go",
    example: 1000,
  }),
  flowName: z
    .string()
    .regex(flowNamePattern, { error: "is not the name of a flow" })
    .optional()
    .meta({ description: "Of this flow only", example: "hello" }),
  dryRun: z.boolean().optional().meta({ description: "Only say what would go; default false" }),
  cursor: z.string().optional().meta({ description: "`cursor` of the answer before" }),
}).meta({
  id: "PruneBody",
  description:
    "Which finished runs go: a run goes when `olderThanMs` or `keep` says so. Without both, the server's own retention says it",
});

/** What one request to prune did. */
export const prunedSchema = z
  .object({
    dryRun: z.boolean(),
    runs: z.int().min(0).meta({ description: "Runs that were removed, or would be" }),
    steps: z.int().min(0).meta({ description: "Steps of these runs" }),
    bytes: z.int().min(0).nullable().meta({ description: "About how many would go; null unless `dryRun`" }),
    cursor: z.string().nullable().meta({ description: "Ask again with it to go on; null at the end" }),
  })
  .meta({ id: "Pruned", description: "What was removed, or would be" });

/** Answer of `POST /prune`. */
export type PrunedAnswer = z.output<typeof prunedSchema>;

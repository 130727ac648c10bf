import { isRunId, problem, pruneBodySchema, prunedSchema } from "@maxq/core";
import type { PrunePlace, RetentionRules } from "@maxq/db";
import * as z from "zod";
import { answer, refuse } from "../../answer/answer.js";
import { route } from "../route.js";

/** About so many rows go with one request: it holds others up for some 50 ms at most. */
const rows = 1_000;

export const prune = route({
  method: "post",
  path: "/prune",
  operationId: "prune",
  summary:
    "Remove a batch of finished runs, or say which would go; asked again with `cursor` until that is null",
  tag: "server",
  scope: "server",
  body: pruneBodySchema,
  answers: { 200: prunedSchema },
  handle: async ({ body }, { store, retention = null }) => {
    const { olderThanMs = null, keep = null, flowName = null, dryRun = false, cursor } = body;
    const rules: RetentionRules | null =
      olderThanMs === null && keep === null ? retention : { olderThanMs, keep, flows: {} };
    if (rules === null) return refuse(problem("INVALID_REQUEST", noRule, { path: "olderThanMs" }));
    const place = cursor === undefined ? null : readCursor(cursor);
    if (place === "invalid")
      return refuse(problem("INVALID_REQUEST", "cursor is none that this server gave", { path: "cursor" }));
    const { next, ...pruned } = await store.prune({ rules, flowName, place, rows, dryRun });
    return answer(200, { dryRun, ...pruned, cursor: next === null ? null : writeCursor(next) });
  },
});

const noRule =
  "Retention is off on this server (MAXQ_RETENTION_AGE, MAXQ_RETENTION_RUNS): say which runs are to go, by their age (olderThanMs; --older-than) or by how many stay (keep; --keep)";

const runPlaceSchema = z.strictObject({ createdAt: z.int(), id: z.string().refine(isRunId) });
const placeSchema = z.strictObject({
  flowName: z.string(),
  completedBefore: z.int(),
  upTo: runPlaceSchema,
  after: runPlaceSchema,
});

function writeCursor(place: PrunePlace): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

function readCursor(text: string): PrunePlace | "invalid" {
  try {
    return placeSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch {
    return "invalid";
  }
}

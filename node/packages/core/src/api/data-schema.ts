import * as z from "zod";
import { logEntityTypes, logLevels } from "../entities.js";
import { jsonSchema } from "../json-schema.js";
import { timeSchema } from "./values.js";

/** An artifact as lists show it. */
export const artifactEntrySchema = z
  .object({
    name: z.string(),
    runId: z.string(),
    version: z.int().min(1).meta({ description: "1 at first, plus one with each replacement" }),
    bytes: z.int().min(0),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: "ArtifactEntry", description: "An artifact without its data" });

/** An artifact with its data. */
export const artifactSchema = artifactEntrySchema
  .extend({ data: jsonSchema })
  .meta({ id: "Artifact", description: "A named JSON document of a run" });

/** A line of a run's log. */
export const runLogSchema = z
  .object({
    id: z.int(),
    runId: z.string(),
    level: z.enum(logLevels),
    message: z.string(),
    entityType: z.enum(logEntityTypes),
    entityId: z.string().nullable(),
    metadata: jsonSchema,
    createdAt: timeSchema,
  })
  .meta({ id: "RunLog", description: "A line of a run's log" });

/** A change of state or a log line, as `/runs/{runId}/events` sends it. */
export const runEventSchema = z
  .object({
    id: z.string().meta({ description: "What `Last-Event-ID` takes; nothing else may be read from it" }),
    at: timeSchema,
    type: z.enum(["run", "stage", "step", "flow", "log"]),
    data: jsonSchema,
  })
  .meta({
    id: "RunEvent",
    description:
      "A change of state or a log line of a run. `data` is, by `type`: `run` {status, changed?}; `stage` {name, status, steps?, reason?}; " +
      "`step` and `flow` {id, status, attempt, exitCode?, signal?, code?, reason?, delayMs?}; `log` {id, level, message, entityType, entityId, metadata}. " +
      "Other keys may come to be.",
  });

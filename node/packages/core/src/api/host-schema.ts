import * as z from "zod";
import { problemSchema } from "./problem-schema.js";
import { runSchema } from "./run-schema.js";
import { timeSchema } from "./values.js";

/** A process that claims and executes. */
export const workerSchema = z
  .object({
    id: z.string(),
    host: z.string(),
    pid: z.int(),
    role: z.string(),
    slots: z.int(),
    running: z.int(),
    launcher: z.string(),
    containment: z.string(),
    version: z.string(),
    registeredAt: timeSchema,
    lastHeartbeatAt: timeSchema,
    status: z.enum(["live", "draining", "lost"]),
  })
  .meta({ id: "Worker", description: "A process that claims and executes" });

/** A flow on disk. */
export const flowSchema = z
  .object({
    name: z.string(),
    title: z.string().nullable(),
    description: z.string().nullable(),
    steps: z.array(z.string()).readonly(),
    problems: z.array(problemSchema.extend({ file: z.string() }).meta({ id: "FlowProblem" })).readonly(),
    sourceHash: z.string(),
  })
  .meta({ id: "Flow", description: "A flow on disk" });

/** A flow with its last runs, newest first. */
export const flowDetailSchema = flowSchema
  .extend({ recentRuns: z.array(runSchema) })
  .meta({ id: "FlowDetail", description: "A flow and its last runs" });

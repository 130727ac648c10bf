import { problem } from "@maxq/core";
import type { Health } from "@maxq/db";
import * as z from "zod";
import { answer, refuse } from "../../answer/answer.js";
import { route } from "../route.js";

const livenessSchema = z.object({ status: z.literal("ok"), version: z.string() }).meta({ id: "Liveness" });
const readinessSchema = z
  .object({
    status: z.literal("ready"),
    version: z.string(),
    database: z.enum(["postgres", "sqlite"]),
    databaseVersion: z.string(),
    schema: z.literal("current"),
    wakeUps: z.enum(["notified", "polled"]).meta({
      description: "`polled`: the database's notifications do not arrive, as behind a transaction pooler",
    }),
  })
  .meta({ id: "Readiness" });

const NO_WRITES: Readonly<Record<Exclude<Health["writes"], "accepted">, string>> = {
  read_only:
    "The database takes no writes: it is a standby, or default_transaction_read_only is on. Point MAXQ_DATABASE_URL to the primary, or turn that off.",
  file_gone:
    "The database's file was removed, or another one put in its place, while the server has it open: nothing more is stored. Stop the server, put the file that is to be used there, and start it again.",
};

export const healthz = route({
  method: "get",
  path: "/healthz",
  operationId: "healthz",
  summary: "Whether the process answers at all",
  tag: "server",
  scope: "public",
  alsoAtRoot: true,
  answers: { 200: livenessSchema },
  handle: (_call, { version }) => Promise.resolve(answer(200, { status: "ok", version })),
});

export const readyz = route({
  method: "get",
  path: "/readyz",
  operationId: "readyz",
  summary: "Whether the database can be reached, takes writes, and its schema is current",
  tag: "server",
  scope: "public",
  alsoAtRoot: true,
  answers: { 200: readinessSchema },
  handle: async (_call, { store, version }) => {
    const { database, version: databaseVersion, schema, writes } = await store.health();
    if (schema !== "current") {
      const message = `The database's schema is ${schema}. Run \`maxq migrate\`, or start the version of MaxQ that it belongs to.`;
      return refuse(problem("UNAVAILABLE", message, { schema }));
    }
    if (writes !== "accepted") return refuse(problem("UNAVAILABLE", NO_WRITES[writes], { writes }));
    const wakeUps = store.wakeUpsHealthy() ? "notified" : "polled";
    return answer(200, { status: "ready", version, database, databaseVersion, schema, wakeUps });
  },
});

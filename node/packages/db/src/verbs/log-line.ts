import type { RunLog } from "@maxq/core";
import type { Tx } from "../driver.js";
import type { NewLog } from "../store/data.js";
import type { Change } from "./events.js";
import { plainText } from "./plain-text.js";

/** Writes a line to the log of a run whose row is locked. Answers it with the change for the run's stream. */
export async function writeLine(
  tx: Tx,
  runId: string,
  line: NewLog,
): Promise<{ readonly log: RunLog; readonly change: Change }> {
  const { level, entityType, metadata } = line;
  const message = plainText(line.message);
  const entityId = line.entityId === null ? null : plainText(line.entityId);
  const [row] = await tx.all<Pick<RunLog, "id" | "createdAt">>("data.insert_log", {
    ...{ runId, level, message, entityType, entityId },
    metadata: JSON.stringify(metadata),
  });
  const said = { id: row!.id, level, message, entityType, entityId, metadata };
  return { log: { ...said, runId, createdAt: row!.createdAt }, change: { type: "log", data: said } };
}

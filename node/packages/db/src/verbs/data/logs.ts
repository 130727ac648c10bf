import type { Json, RunLog } from "@maxq/core";
import type { Driver, Statements } from "../../driver.js";
import type { DataStore, LogFilter } from "../../store/data.js";
import type { Page, PageRequest } from "../../store/refs.js";
import { recordChanges } from "../events.js";
import { plainText } from "../plain-text.js";
import { readPage } from "../read/page.js";
import { attemptOver, runNotFound } from "../refusal.js";
import { lockRun } from "../run/open-run.js";
import { mayWrite } from "./caller.js";

type LogRow = Omit<RunLog, "runId" | "metadata"> & { readonly metadata: string };

/** Appends a line to the run's log and to its stream of events. */
export function appendLog(
  driver: Driver,
  ...[runId, line, caller]: Parameters<DataStore["appendLog"]>
): ReturnType<DataStore["appendLog"]> {
  return driver.transaction(async (tx) => {
    if ((await lockRun(tx, runId)) === null) return runNotFound(runId);
    if (!(await mayWrite(tx, runId, caller))) return attemptOver();
    const { level, entityType, metadata } = line;
    const message = plainText(line.message);
    const entityId = line.entityId === null ? null : plainText(line.entityId);
    const [row] = await tx.all<Pick<RunLog, "id" | "createdAt">>("data.insert_log", {
      runId,
      level,
      message,
      entityType,
      entityId,
      metadata: JSON.stringify(metadata),
    });
    const said = { id: row!.id, level, message, entityType, entityId, metadata };
    await recordChanges(tx, runId, [{ type: "log", data: said }]);
    return { reason: "logged", log: { ...said, runId, createdAt: row!.createdAt } };
  });
}

/** Newest first. */
export function listLogs(
  statements: Statements,
  runId: string,
  filter: LogFilter,
  request: PageRequest,
): Promise<Page<RunLog>> {
  const where = {
    runId,
    level: filter.level ?? null,
    entityType: filter.entityType ?? null,
    entityId: filter.entityId === undefined ? null : plainText(filter.entityId),
  };
  return readPage<LogRow, RunLog>(request, {
    name: `logs ${runId}`,
    rows: ({ after, limit, offset }) =>
      statements.all("data.log_page", { ...where, beforeNo: after?.value ?? null, limit, offset }),
    count: async (bound) => {
      const [row] = await statements.all<{ count: number }>("data.log_count", { ...where, bound });
      return row?.count ?? 0;
    },
    cursorOf: (row) => ({ value: row.id, id: "" }),
    fits: (cursor) => typeof cursor.value === "number",
    load: (rows) => rows.map((row) => ({ ...row, runId, metadata: JSON.parse(row.metadata) as Json })),
  });
}

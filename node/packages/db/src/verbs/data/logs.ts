import type { Json, RunLog } from "@maxq/core";
import type { Driver, Statements } from "../../driver.js";
import type { DataStore, LogFilter } from "../../store/data.js";
import type { Page, PageRequest } from "../../store/refs.js";
import { recordChanges } from "../events.js";
import { writeLine } from "../log-line.js";
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
    const { log, change } = await writeLine(tx, runId, line);
    await recordChanges(tx, runId, [change]);
    return { reason: "logged", log };
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

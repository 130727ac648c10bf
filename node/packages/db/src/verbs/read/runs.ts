import { isRunId, type Run } from "@maxq/core";
import type { Params, Statements } from "../../driver.js";
import type { Page, PageRequest } from "../../store/refs.js";
import type { RunFilter } from "../../store/runs.js";
import { plainText } from "../plain-text.js";
import type { Cursor } from "./cursor.js";
import { readPage } from "./page.js";
import { readRuns } from "./read-run.js";

interface PlaceRow {
  readonly id: string;
  readonly sortValue: number;
}

/** Runs that fit the filter, newest first unless sorted otherwise; runs without the time they are sorted by come last. */
export function listRuns(
  statements: Statements,
  filter: RunFilter,
  request: PageRequest,
): Promise<Page<Run>> {
  const where = filterParams(filter);
  const order = orderOf(filter);
  return readPage<PlaceRow, Run>(request, {
    rows: ({ after, limit, offset }) =>
      statements.all(order.statement, { ...where, ...order.params, ...placeParams(after), limit, offset }),
    count: async (bound) => {
      const [row] = await statements.all<{ count: number }>("read.run_count", { ...where, bound });
      return row?.count ?? 0;
    },
    cursorOf: (row) => ({ value: row.sortValue, id: row.id }),
    fits: (cursor) => typeof cursor.value === "number" && isRunId(cursor.id),
    load: (rows) =>
      readRuns(
        statements,
        rows.map((row) => row.id),
      ),
  });
}

/** The run's input as JSON text; null if there is no such run. */
export async function readRunInput(statements: Statements, runId: string): Promise<string | null> {
  const [row] = await statements.all<{ input: string }>("read.run_input", { runId });
  return row?.input ?? null;
}

function orderOf(filter: RunFilter): { readonly statement: string; readonly params: Params } {
  const ascending = filter.sortOrder === "asc";
  const sortBy = filter.sortBy ?? "createdAt";
  if (sortBy !== "createdAt") {
    return { statement: "read.run_page_by_time", params: { sortBy, sign: ascending ? 1 : -1 } };
  }
  return { statement: ascending ? "read.run_page_oldest" : "read.run_page_newest", params: {} };
}

function filterParams(filter: RunFilter): Params {
  const metadata = Object.entries(filter.metadata ?? {}).map(([key, value]) => [
    plainText(key),
    plainText(value),
  ]);
  return {
    flowName: filter.flowName ?? null,
    status: filter.status ?? null,
    createdAfter: filter.createdAfter ?? null,
    createdBefore: filter.createdBefore ?? null,
    parentRunId: filter.parentRunId ?? null,
    metadata: metadata.length === 0 ? null : JSON.stringify(Object.fromEntries(metadata)),
  };
}

function placeParams(after: Cursor | null): Params {
  return { afterValue: after?.value ?? null, afterId: after?.id ?? null };
}

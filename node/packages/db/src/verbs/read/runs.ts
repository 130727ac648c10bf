import { isRunId, type Run } from "@maxq/core";
import type { Driver, Params, Statements } from "../../driver.js";
import type { Page, PageRequest } from "../../store/refs.js";
import type { RunFilter } from "../../store/runs.js";
import type { Cursor } from "./cursor.js";
import { readPage } from "./page.js";
import { readRuns } from "./read-run.js";
import { runReading } from "./run-reading.js";

interface PlaceRow {
  readonly id: string;
  readonly sortValue: number;
}

/** Runs that fit the filter, newest first unless sorted otherwise; runs without the time they are sorted by come last. */
export async function listRuns(driver: Driver, filter: RunFilter, request: PageRequest): Promise<Page<Run>> {
  const { page, reach, count, where, estimate } = await runReading(driver, filter);
  return readPage<PlaceRow, Run>(request, {
    rows: async ({ after, limit, offset }) => {
      const place = { ...where, ...placeParams(after), limit, offset };
      const [found] = reach === null ? [] : await driver.all<{ reach: number | null }>(reach, place);
      return driver.all(page, { ...place, reach: found?.reach ?? null });
    },
    count: async (bound) => {
      const [row] = await driver.all<{ count: number }>(count, { ...where, bound });
      return row?.count ?? 0;
    },
    estimate,
    cursorOf: (row) => ({ value: row.sortValue, id: row.id }),
    fits: (cursor) => typeof cursor.value === "number" && isRunId(cursor.id),
    load: (rows) =>
      readRuns(
        driver,
        rows.map((row) => row.id),
      ),
  });
}

/** The run's input as JSON text; null if there is no such run. */
export async function readRunInput(statements: Statements, runId: string): Promise<string | null> {
  const [row] = await statements.all<{ input: string }>("read.run_input", { runId });
  return row?.input ?? null;
}

function placeParams(after: Cursor | null): Params {
  return { afterValue: after?.value ?? null, afterId: after?.id ?? null };
}

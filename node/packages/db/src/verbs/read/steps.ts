import type { Step } from "@maxq/core";
import type { Statements } from "../../driver.js";
import type { Page, PageRequest } from "../../store/refs.js";
import type { StepFilter } from "../../store/runs.js";
import { readPage } from "./page.js";
import { readSteps } from "./read-step.js";

interface KeyRow {
  readonly key: number;
}

/** Steps of a run in the order in which they were scheduled, those of superseded stages included. */
export function listSteps(
  statements: Statements,
  runId: string,
  filter: StepFilter,
  request: PageRequest,
): Promise<Page<Step>> {
  const where = {
    runId,
    stage: filter.stage ?? null,
    status: filter.status ?? null,
    name: filter.name ?? null,
  };
  return readPage<KeyRow, Step>(request, {
    name: `steps ${runId}`,
    rows: ({ after, limit, offset }) =>
      statements.all("read.step_page", { ...where, afterKey: after?.value ?? 0, limit, offset }),
    count: async (bound) => {
      const statement = where.status === null && where.name === null ? "read.step_total" : "read.step_count";
      const [row] = await statements.all<{ count: number }>(statement, { ...where, bound });
      return row?.count ?? 0;
    },
    cursorOf: (row) => ({ value: row.key, id: "" }),
    fits: (cursor) => typeof cursor.value === "number",
    load: (rows) =>
      readSteps(
        statements,
        rows.map((row) => row.key),
      ),
    isStill: (step) => filter.status?.includes(step.status) ?? true,
  });
}

/** Flow calls of a run, oldest first. */
export async function listFlowCalls(statements: Statements, runId: string): Promise<readonly Step[]> {
  const rows = await statements.all<KeyRow>("read.flow_call_keys", { runId });
  return readSteps(
    statements,
    rows.map((row) => row.key),
  );
}

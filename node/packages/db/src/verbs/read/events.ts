import type { RunEvent } from "@maxq/core";
import type { Statements } from "../../driver.js";
import type { Change } from "../events.js";

interface EventRow {
  readonly no: number;
  readonly at: number;
  /** JSON array of changes. */
  readonly body: string;
}

/**
 * Events after the id, in commit order, at most `limit`; from the beginning with null or with an id that none of ours is.
 * An id is `<batch>.<index>`: the number of the commit's row, and the place in it.
 */
export async function readEvents(
  statements: Statements,
  runId: string,
  afterId: string | null,
  limit: number,
): Promise<readonly RunEvent[]> {
  const fromNo = afterId === null ? 0 : rowOf(afterId);
  // Each row holds at least one event, and the first may be read through already.
  const rows = await statements.all<EventRow>("read.events", { runId, fromNo, limit: limit + 1 });
  const events = rows.flatMap(toEvents);
  // The row of an id that is ours is the first.
  const seen = events.findIndex(({ id }) => id === afterId);
  if (seen < 0 && fromNo > 0) return readEvents(statements, runId, null, limit);
  return events.slice(seen + 1, seen + 1 + limit);
}

function toEvents(row: EventRow): RunEvent[] {
  const changes = JSON.parse(row.body) as readonly Change[];
  return changes.map(({ type, data }, index) => ({ id: `${row.no}.${index}`, at: row.at, type, data }));
}

/** The number of the commit's row; 0 of what is no id. */
function rowOf(id: string): number {
  return Number(/^(\d{1,15})\.\d{1,9}$/.exec(id)?.[1] ?? 0);
}

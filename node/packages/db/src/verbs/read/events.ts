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
  const after = parseEventId(afterId);
  // Each row holds at least one event, and the first may be read through already.
  const rows = await statements.all<EventRow>("read.events", { runId, fromNo: after.no, limit: limit + 1 });
  return rows
    .flatMap(toEvents)
    .filter(({ no, index }) => no > after.no || index > after.index)
    .slice(0, limit)
    .map(({ event }) => event);
}

function toEvents(
  row: EventRow,
): { readonly no: number; readonly index: number; readonly event: RunEvent }[] {
  const changes = JSON.parse(row.body) as readonly Change[];
  return changes.map((change, index) => ({
    no: row.no,
    index,
    event: { id: `${row.no}.${index}`, at: row.at, type: change.type, data: change.data },
  }));
}

function parseEventId(id: string | null): { readonly no: number; readonly index: number } {
  const match = id === null ? null : /^(\d{1,15})\.(\d{1,9})$/.exec(id);
  return match === null ? { no: 0, index: -1 } : { no: Number(match[1]), index: Number(match[2]) };
}

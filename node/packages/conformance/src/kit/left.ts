import type { World } from "./world.js";

const tables = [
  ...["run", "run_detail", "run_metadata", "idempotency_key", "stage", "gate", "gate_edge", "step"],
  ...["step_option", "step_edge", "flow_call", "attempt", "step_output", "step_field", "artifact", "run_log"],
  "event",
];

/** How many rows each table has that belong to runs; tables without any are left out. */
export async function rowsLeft(world: World): Promise<Record<string, number>> {
  const counts = tables.map((table) => `select '${table}' as "table", count(*) as "rows" from ${table}`);
  const rows = await world.subject.query<{ table: string; rows: number | string }>(
    counts.join(" union all "),
  );
  const filled = rows.map(({ table, rows: count }) => [table, Number(count)] as const);
  return Object.fromEntries(filled.filter(([, count]) => count > 0));
}

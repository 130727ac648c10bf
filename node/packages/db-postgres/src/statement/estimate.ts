import { parameterValues, type Params, type StatementFile } from "@maxq/db";
import type { Pool } from "pg";
import { postgresFault } from "../connection/fault.js";

type Plans = readonly { readonly Plan: { readonly "Plan Rows": number } }[];

/** How many rows the planner expects of a statement with these values, by the statistics of the last ANALYZE; nothing is run. Not prepared: a plan for any values knows nothing of these. */
export async function estimateRows(pool: Pool, statement: StatementFile, params: Params): Promise<number> {
  const text = `explain (format json) ${statement.positional}`;
  try {
    const { rows } = await pool.query<{ "QUERY PLAN": string }>(text, parameterValues(statement, params));
    return (JSON.parse(rows[0]!["QUERY PLAN"]) as Plans)[0]!.Plan["Plan Rows"];
  } catch (error) {
    throw postgresFault(`${statement.name} (estimate)`, error);
  }
}

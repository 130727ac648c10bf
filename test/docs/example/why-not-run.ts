import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { testServer } from "@maxq/test-kit";
import pg from "pg";
import { root } from "../page/all-pages.js";
import { ExampleFault, type Fence } from "../page/fence.js";

/** Why an example is not run here; null: it is. Throws an `ExampleFault` if the reason that the page gives is none. */
export async function whyNotRun(fence: Fence): Promise<string | null> {
  const { "no-run": reason, "run-by": test, needs } = fence.attributes;
  if (reason !== undefined) return reason;
  if (test !== undefined) {
    if (!existsSync(join(root, test))) throw new ExampleFault(fence, `there is no test ${test}.`);
    return `run by ${test}`;
  }
  for (const program of needs?.split(/,\s*/) ?? []) {
    const missing = await whyMissing(program);
    if (missing !== null) return missing;
  }
  return null;
}

async function whyMissing(program: string): Promise<string | null> {
  if (spawnSync("sh", ["-c", 'command -v -- "$1"', "sh", program]).status !== 0)
    return `needs ${program}, which is not here`;
  return program === "pg_dump" ? whyTooOld() : null;
}

/** pg_dump refuses servers that are newer than itself. */
async function whyTooOld(): Promise<string | null> {
  const own = Number(/(\d+)/.exec(spawnSync("pg_dump", ["--version"]).stdout.toString())?.[1]);
  const client = new pg.Client({ connectionString: (await testServer()).url });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: number }>(
      "select current_setting('server_version_num')::int / 10000 as version",
    );
    const server = rows[0]!.version;
    return own >= server
      ? null
      : `needs a pg_dump of at least version ${server}, which the tests' PostgreSQL has; here is ${own}`;
  } finally {
    await client.end();
  }
}

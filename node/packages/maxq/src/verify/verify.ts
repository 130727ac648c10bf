import { invariants, type Store, type Violation } from "@maxq/db";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { databaseOf, describeDatabase, type Database } from "../compose/database.js";
import { openStoreToLook } from "../compose/look-store.js";
import { settingsOrComplain } from "../settings/or-complain.js";

/** Longest statement, in ms: some read every event, and nobody waits behind them. */
const patience = 3_600_000;

/** `maxq verify`: checks what must hold in the database at any time, also while servers use it. Changes nothing. */
export async function verify(invocation: Invocation): Promise<number> {
  const settings = settingsOrComplain(invocation);
  if (settings === null) return exitCode.usage;
  const database = databaseOf(settings);
  const store = await open(database);
  const violations = store === null ? null : await check(store).finally(() => store.close());
  if (violations === null) {
    invocation.err(
      `maxq: ${describeDatabase(database)} has not the schema of this MaxQ: maxq migrate status says more.`,
    );
    return exitCode.failure;
  }
  const broken = new Set(violations.map(({ invariant }) => invariant)).size;
  const code = broken === 0 ? exitCode.success : exitCode.failure;
  if (invocation.json) {
    invocation.out(JSON.stringify({ invariants: invariants.length, violations }));
    return code;
  }
  for (const violation of violations) invocation.out(format(violation));
  invocation.out(
    broken === 0
      ? `${invariants.length} invariants hold in ${describeDatabase(database)}.`
      : `${broken} of ${invariants.length} invariants do not hold in ${describeDatabase(database)}, in ${violations.length} ${violations.length === 1 ? "place" : "places"}. docs/verify.md says what each means.`,
  );
  return code;
}

async function open(database: Database): Promise<Store | null> {
  if (database.reason === "sqlite") return openStoreToLook(database);
  const { openPostgresStore } = await import("@maxq/db-postgres");
  return openPostgresStore({ url: database.url, statementTimeoutMs: patience, onlyLooks: true });
}

async function check(store: Store): Promise<readonly Violation[] | null> {
  return (await store.health()).schema === "current" ? store.verify() : null;
}

function format({ invariant, noun, runId, id, expected, found, cure }: Violation): string {
  const where = runId === null ? `${noun} ${id}` : `run ${runId}, ${noun} ${id}`;
  return `✘ ${invariant}: ${where}: expected ${expected}; found ${found}\n    → ${cure}`;
}

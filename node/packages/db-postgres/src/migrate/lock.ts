import type { ClientBase } from "pg";
import { setTimeout as delay } from "node:timers/promises";
import { postgresFault } from "../connection/fault.js";

/** "MAXQ" in ASCII: the lock is the database's own, so this is its name there. */
const LOCK = 0x4d415851;
const POLL_MS = 50;

/**
 * Waits until no other process migrates this database, and keeps others waiting until `client` is closed, or its process ends, however that happens.
 * Polled: who waits in `pg_advisory_lock` holds a snapshot, and hangs a `create index concurrently` of the process that it waits for.
 */
export async function takeMigrationLock(client: ClientBase, waitMs: number): Promise<void> {
  const started = performance.now();
  for (;;) {
    if (await tryLock(client)) return;
    if (performance.now() - started >= waitMs)
      throw new Error(
        `Another process has been migrating this database for ${waitMs} ms. ${await holder(client)}`,
      );
    await delay(POLL_MS);
  }
}

async function tryLock(client: ClientBase): Promise<boolean> {
  const { rows } = await client
    .query<{ taken: boolean }>("select pg_try_advisory_lock($1) as taken", [LOCK])
    .catch((error: unknown) => {
      throw postgresFault("migrate", error);
    });
  return rows[0]?.taken === true;
}

async function holder(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ pid: number; address: string | null; since: string }>(
    `select a.pid, host(a.client_addr) as address, to_char(a.backend_start, 'YYYY-MM-DD HH24:MI:SS TZ') as since
       from pg_locks l join pg_stat_activity a using (pid)
      where l.locktype = 'advisory' and l.granted and l.objid = $1`,
    [LOCK],
  );
  const [found] = rows;
  if (found === undefined) return "Try again.";
  return `It is backend ${found.pid}, from ${found.address ?? "this host"}, connected since ${found.since}: wait for it, or end it with pg_terminate_backend(${found.pid}).`;
}

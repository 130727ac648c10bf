import { embeddedServer, type EmbeddedServer } from "@maxq/test-kit";
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";

const wallClock = "(extract(epoch from statement_timestamp()) * 1000)::bigint";

/** A PostgreSQL of its own, which can be hurt without hurting other tests. */
export class ChaosDatabase {
  private constructor(
    private readonly server: EmbeddedServer,
    readonly url: string,
  ) {}

  static async create(): Promise<ChaosDatabase> {
    const server = await embeddedServer();
    const url = new URL(server.url);
    const database = new ChaosDatabase(server, url.href);
    await database.query("create database chaos");
    url.pathname = "/chaos";
    return new ChaosDatabase(server, url.href);
  }

  /** On a connection of its own. Tries again while the server is away. */
  async query<R extends object>(sql: string): Promise<R[]> {
    for (let tries = 1; ; tries += 1) {
      const client = new pg.Client({ connectionString: this.url });
      client.on("error", () => undefined);
      try {
        await client.connect();
        return (await client.query<R>(sql)).rows;
      } catch (error) {
        if (tries === 100 || !isAway(error)) throw error;
        await delay(100);
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }

  restart(): Promise<void> {
    return this.server.restart();
  }

  /** Sets the clock that all statements of MaxQ read so far ahead of the real one, or behind it. */
  async turnClock(byMs: number): Promise<void> {
    const body = `select ${wallClock} + (${byMs})`;
    await this.query(`create or replace function now_ms() returns bigint language sql stable as '${body}'`);
  }

  /** Ends every connection but that which says so. Answers how many. */
  async terminateBackends(): Promise<number> {
    const ended = await this.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'chaos' and pid <> pg_backend_pid()",
    );
    return ended.length;
  }

  /** What connections there are, but that which asks. */
  async connections(): Promise<string[]> {
    const rows = await this.query<{ text: string }>(
      "select application_name || ': ' || left(query, 100) as text from pg_stat_activity where datname = 'chaos' and pid <> pg_backend_pid()",
    );
    return rows.map(({ text }) => text);
  }

  /** Everything that the server has logged. */
  log(): string {
    return readFileSync(this.server.log, "utf8");
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

/** No connection, cut under way, or the server is starting or ending. */
function isAway(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === undefined || code.startsWith("E") || code.startsWith("57P") || code.startsWith("08");
}

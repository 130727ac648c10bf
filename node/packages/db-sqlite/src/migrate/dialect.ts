import type { Knex } from "knex";
import { closeConnection } from "../connection/close.js";
import type { Connection, SqliteLibrary } from "../connection/library.js";
import { DURABLE, sqliteLibrary, WAIT_FOR_OTHERS } from "../connection/library.js";
import { keepPrivate } from "../connection/private.js";

interface Query {
  readonly sql: string;
  readonly method: string;
  readonly bindings?: unknown[];
  readonly returning?: unknown;
  response?: unknown;
  context?: { lastID: number | bigint; changes: number | bigint };
}
/** Knex's client for SQLite, on the SQLite that Node brings. Foreign keys are off while tables are rebuilt, as SQLite advises. */
export async function sqliteDialect(): Promise<typeof Knex.Client> {
  const library = await sqliteLibrary();
  // Not imported at the top: knex is large, and most processes find nothing to migrate.
  const { default: Base } = await import("knex/lib/dialects/better-sqlite3/index.js");
  class Dialect extends Base {
    _driver(): SqliteLibrary {
      return library;
    }

    acquireRawConnection(): Promise<Connection> {
      const { filename } = this.connectionSettings;
      keepPrivate(filename);
      const connection = new library.DatabaseSync(filename, { enableForeignKeyConstraints: false });
      connection.exec(WAIT_FOR_OTHERS);
      connection.exec(DURABLE);
      return Promise.resolve(connection);
    }

    destroyRawConnection(connection: Connection): Promise<void> {
      closeConnection(connection);
      return Promise.resolve();
    }

    _query(connection: Connection, query: Query): Promise<Query> {
      const statement = connection.prepare(query.sql);
      const bindings = this._formatBindings(query.bindings);
      if (["insert", "update", "del", "counter"].includes(query.method) && query.returning === undefined) {
        const { lastInsertRowid, changes } = statement.run(...bindings);
        query.context = { lastID: lastInsertRowid, changes };
      } else {
        query.response = statement.all(...bindings);
      }
      return Promise.resolve(query);
    }
  }
  return Dialect as unknown as typeof Knex.Client;
}

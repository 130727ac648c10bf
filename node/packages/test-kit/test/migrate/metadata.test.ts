import { migratePostgres, openPostgresDriver, openPostgresStore } from "@maxq/db-postgres";
import { migrateSqlite, openSqliteDriver, openSqliteStore } from "@maxq/db-sqlite";
import type { Store } from "@maxq/db";
import { aFolder, createEmptyDatabase, someStatements } from "@maxq/test-kit";
import { expect } from "chai";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const migrations = fileURLToPath(new URL("../../../../../database/migrations/", import.meta.url));

const metadata = {
  team: "a",
  size: 3,
  ratio: 0.5,
  on: true,
  none: null,
  list: [1, { x: "y" }],
  "q?'": "ü?",
  text: "é".repeat(300),
};

/** A run as the first migration's program stored it. */
const storedRun = {
  "test.run": "insert into run (id, flow_name, status, created_at) values (:id, 'old', 'pending', 7)",
  "test.detail": "insert into run_detail (run_id, input, metadata) values (:id, 'null', :metadata)",
};

interface Old {
  readonly open: (sqlDirectory: string) => ReturnType<typeof openSqliteDriver | typeof openPostgresDriver>;
  readonly migrate: (migrationsDirectory: string) => Promise<unknown>;
  readonly store: () => Promise<Store>;
  readonly drop: () => Promise<void>;
}

const databases: Record<string, () => Promise<Old>> = {
  SQLite() {
    const file = join(aFolder("migrate"), "maxq.db");
    return Promise.resolve({
      open: (sqlDirectory) => openSqliteDriver({ file, sqlDirectory }),
      migrate: (migrationsDirectory) => migrateSqlite({ file, migrationsDirectory }),
      store: () => openSqliteStore({ file }),
      drop: () => Promise.resolve(),
    });
  },
  async PostgreSQL() {
    const { url, drop } = await createEmptyDatabase();
    return {
      open: (sqlDirectory) => openPostgresDriver({ url, sqlDirectory }),
      migrate: (migrationsDirectory) => migratePostgres({ url, migrationsDirectory }),
      store: () => openPostgresStore({ url }),
      drop,
    };
  },
};

for (const [name, create] of Object.entries(databases))
  it(`finds runs that are older than the index of metadata by their metadata, on ${name}`, async () => {
    const database = await create();
    try {
      const first = aFolder("migrations");
      cpSync(join(migrations, "001_initial.mjs"), join(first, "001_initial.mjs"));
      await database.migrate(first);
      const statements = Object.entries(storedRun).map(([key, sql]) => [
        key,
        name === "SQLite" ? sql : sql.replaceAll(":id", ":id::uuid"),
      ]);
      const driver = await database.open(someStatements(Object.fromEntries(statements) as typeof storedRun));
      const texts = [metadata, "text", [1], null, { broken: "\0 x", surrogate: "\ud800" }];
      for (const [n, each] of texts.entries()) {
        const id = `018f0000-0000-7000-8000-00000000000${n}`;
        await driver.run("test.run", { id });
        await driver.run("test.detail", { id, metadata: JSON.stringify(each) });
      }
      await driver.close();

      await database.migrate(migrations);
      const store = await database.store();
      const found = async (filter: Record<string, string>) => {
        const page = await store.listRuns({ metadata: filter }, { limit: 10, offset: 0, cursor: null });
        return page.data.map(({ id }) => Number(id.at(-1)));
      };
      for (const [key, value] of Object.entries(metadata)) {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        expect(await found({ [key]: text }), key).to.deep.equal([0]);
      }
      expect(await found({ broken: "\0 x" })).to.deep.equal([4]);
      await store.close();
    } finally {
      await database.drop();
    }
  });

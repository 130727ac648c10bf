import { postgresKnexConfig } from "@maxq/db-postgres";
import { sqliteKnexConfig } from "@maxq/db-sqlite";
import { defaultMigrationsDirectory } from "@maxq/db/migrate";
import { aFolder, createEmptyDatabase } from "@maxq/test-kit";
import { expect } from "chai";
import createKnex, { type Knex } from "knex";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { dumpPostgresSchema } from "../../src/schema/postgres.js";
import { dumpSqliteSchema } from "../../src/schema/sqlite.js";

interface Target {
  readonly config: Knex.Config;
  readonly schema: () => Promise<string>;
  readonly drop: () => Promise<void>;
}

const migrations = defaultMigrationsDirectory();

const targets: Record<string, () => Promise<Target>> = {
  async SQLite() {
    const file = join(aFolder("down"), "maxq.db");
    const config = await sqliteKnexConfig(file, migrations);
    return { config, schema: () => dumpSqliteSchema(file), drop: () => Promise.resolve() };
  },
  async PostgreSQL() {
    const { url, drop } = await createEmptyDatabase();
    return { config: postgresKnexConfig(url, migrations), schema: () => dumpPostgresSchema(url), drop };
  },
};

for (const [title, create] of Object.entries(targets))
  it(`each migration is undone by its down, back to an empty database, on ${title}`, async () => {
    const { config, schema, drop } = await create();
    const knex = createKnex(config);
    try {
      const before: string[] = [];
      while (before.length < readdirSync(migrations).length) {
        before.push(await schema());
        await knex.migrate.up();
      }
      const newest = await schema();
      for (const expected of before.toReversed()) {
        await knex.migrate.down();
        expect(await schema()).to.equal(expected);
      }
      expect(before[0]).to.equal("");
      await knex.migrate.latest();
      expect(await schema()).to.equal(newest);
    } finally {
      await knex.destroy();
      await drop();
    }
  });

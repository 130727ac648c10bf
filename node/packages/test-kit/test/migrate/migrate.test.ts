import { openPostgresDriver, migratePostgres } from "@maxq/db-postgres";
import { migrateSqlite, openSqliteDriver } from "@maxq/db-sqlite";
import type { MigrationResult } from "@maxq/db/migrate";
import { aFolder, createEmptyDatabase, someStatements, startScript } from "@maxq/test-kit";
import { expect } from "chai";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

interface Target {
  readonly name: string;
  migrate(migrationsDirectory: string): Promise<MigrationResult>;
  rows(sql: string): Promise<object[]>;
  schema(migrationsDirectory: string): Promise<string>;
  drop(): Promise<void>;
}

const migrates = fileURLToPath(new URL("./migrates.mjs", import.meta.url));
/** What `migrate.sh make` copies. */
const stub = fileURLToPath(new URL("../../../../../database/migration.stub", import.meta.url));

const targets: Record<string, () => Promise<Target>> = {
  SQLite() {
    const file = join(aFolder("migrate"), "maxq.db");
    const open = (more: object = {}) => openSqliteDriver({ file, ...more });
    return Promise.resolve({
      ...target(open),
      name: file,
      migrate: (migrationsDirectory) => migrateSqlite({ file, migrationsDirectory }),
      drop: () => Promise.resolve(),
    });
  },
  async PostgreSQL() {
    const { url, drop } = await createEmptyDatabase();
    const open = (more: object = {}) => openPostgresDriver({ url, ...more });
    return {
      ...target(open),
      name: url,
      migrate: (migrationsDirectory) => migratePostgres({ url, migrationsDirectory }),
      drop,
    };
  },
};

function target(
  open: (more: object) => ReturnType<typeof openSqliteDriver> | ReturnType<typeof openPostgresDriver>,
) {
  return {
    async rows(sql: string) {
      const driver = await open({ sqlDirectory: someStatements({ "test.query": sql }) });
      return driver.all("test.query").finally(() => driver.close());
    },
    async schema(migrationsDirectory: string) {
      const driver = await open({ sqlDirectory: someStatements({}), migrationsDirectory });
      const { schema } = await driver.health();
      await driver.close();
      return schema;
    },
  };
}

const migration = (up: string) =>
  `export async function up(knex) { ${up} }\nexport async function down() {}\n`;

for (const [title, create] of Object.entries(targets))
  describe(`migrating ${title}`, () => {
    let database: Target;
    let directory: string;
    const start = () => startScript(migrates, { args: [database.name, directory] });

    beforeEach(async () => {
      database = await create();
      directory = aFolder("migrations");
      writeFileSync(
        join(directory, "001_initial.mjs"),
        migration("await knex.raw('create table thing (id int)');"),
      );
      writeFileSync(join(directory, "002_row.mjs"), migration("await knex('thing').insert({ id: 7 });"));
    });
    afterEach(() => database.drop());

    it("runs what is missing, and nothing twice", async () => {
      expect(await database.schema(directory)).to.equal("missing");
      expect(await database.migrate(directory)).to.deep.equal({
        reason: "migrated",
        applied: ["001_initial.mjs", "002_row.mjs"],
      });
      expect(await database.migrate(directory)).to.deep.equal({ reason: "current" });
      expect(await database.schema(directory)).to.equal("current");
      writeFileSync(join(directory, "003_more.mjs"), migration("await knex('thing').insert({ id: 8 });"));
      expect(await database.schema(directory)).to.equal("older");
      expect(await database.migrate(directory)).to.deep.equal({
        reason: "migrated",
        applied: ["003_more.mjs"],
      });
      expect(await database.rows("select id from thing order by id")).to.deep.equal([{ id: 7 }, { id: 8 }]);
    });

    it("runs a new one that is not filled in yet, which does nothing", async () => {
      cpSync(stub, join(directory, "003_new.mjs"));
      const { reason } = await database.migrate(directory);
      expect(reason).to.equal("migrated");
      expect(await database.schema(directory)).to.equal("current");
    });

    it("leaves alone what a later version has migrated, and names that", async () => {
      const later = aFolder("migrations");
      cpSync(directory, later, { recursive: true });
      writeFileSync(join(later, "003_later.mjs"), migration("await knex('thing').insert({ id: 9 });"));
      await database.migrate(later);
      expect(await database.migrate(directory)).to.deep.equal({
        reason: "newer",
        unknown: ["003_later.mjs"],
      });
      expect(await database.schema(directory)).to.equal("newer");
    });

    it("undoes a migration that fails, and can be tried again", async () => {
      writeFileSync(
        join(directory, "003_bad.mjs"),
        migration("await knex.raw('insert into nothing values (1)');"),
      );
      const error = await database.migrate(directory).catch((e: unknown) => e);
      expect((error as Error).name).to.equal("StatementFailed");
      expect((error as Error).message)
        .to.contain("nothing")
        .and.not.to.contain("insert");
      expect(await database.schema(directory)).to.equal("missing");
      expect(await database.rows("select 1 from knex_migrations").catch(() => "no table")).to.equal(
        "no table",
      );
      expect(await database.rows("select 1 from knex_migrations_lock").catch(() => "no table")).to.equal(
        "no table",
      );
      rmSync(join(directory, "003_bad.mjs"));
      expect(await database.migrate(directory)).to.have.property("reason", "migrated");
    });

    it("leaves alone what another application has migrated, or has a table of runs in", async () => {
      const others = aFolder("migrations");
      writeFileSync(join(others, "2020_run.mjs"), migration("await knex.raw('create table run (id int)');"));
      await database.migrate(others);
      expect(await database.migrate(directory)).to.deep.equal({
        reason: "foreign",
        table: "knex_migrations",
      });
      expect(await database.schema(directory)).to.equal("foreign");
      await database.rows("drop table knex_migrations");
      await database.rows("drop table knex_migrations_lock");
      expect(await database.migrate(directory)).to.deep.equal({ reason: "foreign", table: "run" });
      expect(await database.rows("select 1 from knex_migrations").catch(() => "no table")).to.equal(
        "no table",
      );
    });

    it("may be done by six processes at once: one does it, all succeed", async () => {
      const programs = Array.from({ length: 6 }, start);
      const endings = await Promise.all(programs.map(({ ended }) => ended));
      const outputs = programs.map((program) => program.output());
      expect(endings, outputs.join("\n")).to.deep.equal(endings.map(() => ({ code: 0, signal: null })));
      expect(outputs.filter((output) => output.includes("migrated"))).to.have.length(1);
      expect(await database.rows("select id from thing")).to.deep.equal([{ id: 7 }]);
    });

    it("goes on after a process that was killed in the middle", async () => {
      const stuck =
        "console.log('in the middle'); await new Promise((resolve) => setTimeout(resolve, 600_000));";
      writeFileSync(
        join(directory, "003_stuck.mjs"),
        migration(`await knex('thing').insert({ id: 8 }); ${stuck}`),
      );
      const killed = start();
      await killed.waitForOutput(/in the middle/);
      await killed.stop("SIGKILL");
      rmSync(join(directory, "003_stuck.mjs"));
      expect(await database.migrate(directory)).to.have.property("reason", "migrated");
      expect(await database.rows("select id from thing")).to.deep.equal([{ id: 7 }]);
    });
  });

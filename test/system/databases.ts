import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { System, type SystemSettings } from "./system.js";

/** A database for one suite: the variables that make a server use it, and how to be rid of it. */
interface SuiteDatabase {
  readonly variables: Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

const kinds: Readonly<Record<string, () => Promise<SuiteDatabase>>> = {
  SQLite: () => Promise.resolve({ variables: {}, drop: () => Promise.resolve() }),
  PostgreSQL: async () => {
    const url = new URL(process.env["MAXQ_TEST_DATABASE_URL"]!);
    const name = `maxq_e2e_${process.pid}_${Date.now()}`;
    const admin = async (sql: string) => {
      const client = new pg.Client({ connectionString: url.href });
      await client.connect();
      await client.query(sql).finally(() => client.end());
    };
    await admin(`create database ${name}`);
    const own = new URL(url.href);
    own.pathname = name;
    return {
      variables: { MAXQ_DATABASE_URL: own.href },
      drop: () => admin(`drop database ${name} with (force)`),
    };
  },
};

/** Defines a suite once for each database; its tests share one server, which is started before them and stopped after. */
export function onEachDatabase(
  title: string,
  settings: SystemSettings,
  tests: (system: System) => void,
): void {
  for (const [kind, create] of Object.entries(kinds)) {
    describe(`${title}, on ${kind}`, function () {
      this.timeout(180_000);
      const directory = mkdtempSync(join(tmpdir(), "maxq-e2e-"));
      const system = new System(settings, directory);
      let database: SuiteDatabase | null = null;

      before(async () => {
        database = await create();
        await system.start(database.variables);
      });
      after(async () => {
        await system.stop();
        await database?.drop();
        rmSync(directory, { recursive: true, force: true });
      });
      afterEach(function () {
        if (this.currentTest?.state === "failed") console.error(system.lastWords());
      });
      tests(system);
    });
  }
}

import { openPostgresDriver, type PostgresDriver, type PostgresDriverOptions } from "@maxq/db-postgres";
import { createEmptyDatabase, someStatements, type CreatedDatabase } from "@maxq/test-kit";
import pg from "pg";

/** An empty database and drivers on it, for one test. */
export class Scratch {
  readonly #drivers: PostgresDriver[] = [];
  readonly #admin: pg.Client;

  private constructor(private readonly database: CreatedDatabase) {
    this.#admin = new pg.Client({ connectionString: database.url, application_name: "admin" });
    this.#admin.on("error", () => undefined);
  }

  static async create(): Promise<Scratch> {
    const scratch = new Scratch(await createEmptyDatabase());
    await scratch.#admin.connect();
    return scratch;
  }

  get url(): string {
    return this.database.url;
  }

  async open(
    statements: Record<string, string>,
    options: Partial<PostgresDriverOptions> = {},
  ): Promise<PostgresDriver> {
    const sqlDirectory = someStatements(statements);
    const driver = await openPostgresDriver({ url: this.url, sqlDirectory, ...options });
    this.#drivers.push(driver);
    return driver;
  }

  async query<R extends object>(sql: string): Promise<R[]> {
    return (await this.#admin.query<R>(sql)).rows;
  }

  /** Ends the backends of all connections but this one's, and answers how many. */
  async terminate(applicationName = "%"): Promise<number> {
    const ended = await this.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like '${applicationName}' and pid <> pg_backend_pid()`,
    );
    return ended.length;
  }

  async drop(): Promise<void> {
    for (const driver of this.#drivers) await driver.close();
    await this.#admin.end();
    await this.database.drop();
  }
}

export const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => null).catch((error: unknown) => error);

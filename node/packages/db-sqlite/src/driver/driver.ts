import {
  DatabaseUnavailable,
  loadStatements,
  type Driver,
  type Params,
  type Tx,
  type WakeUp,
} from "@maxq/db";
import type { Health } from "@maxq/db";
import { defaultMigrationsDirectory, knownMigrations, schemaState } from "@maxq/db/migrate";
import { fileURLToPath } from "node:url";
import { closeConnection } from "../connection/close.js";
import { sqliteFault } from "../connection/fault.js";
import type { Connection } from "../connection/library.js";
import { openConnection } from "../connection/open.js";
import { OpenedFile } from "../connection/opened-file.js";
import { readMigrations } from "../migrate/applied.js";
import { Mutex } from "./mutex.js";
import { Patience } from "./patience.js";
import { PreparedStatements } from "./statements.js";

/** Which file, and what belongs to it. */
export interface SqliteDriverOptions {
  readonly file: string;
  /** Where the statement files are; this package's own by default. */
  readonly sqlDirectory?: string | undefined;
  /** The migrations that this program knows; those that came with it by default. */
  readonly migrationsDirectory?: string | undefined;
  /** Epoch milliseconds, for `now_ms()`; the wall clock by default. */
  readonly now?: (() => number) | undefined;
}

/** The statement files of this package. */
export const SQL_DIRECTORY = fileURLToPath(new URL("../../sql", import.meta.url));

/** It keeps no statistics, so estimates are counts that end here. */
const ESTIMATE_BOUND = 100_000;

/** Opens a driver in this thread. It blocks on the disk: `openSqliteStore` puts it into a thread of its own. */
export async function openSqliteDriver(options: SqliteDriverOptions): Promise<SqliteDriver> {
  const { file, sqlDirectory = SQL_DIRECTORY, now = Date.now } = options;
  const statements = loadStatements(sqlDirectory);
  const connection = await openConnection({ file, now });
  const known = knownMigrations(options.migrationsDirectory ?? defaultMigrationsDirectory());
  return new SqliteDriver(
    connection,
    file,
    new PreparedStatements(connection, file, statements, sqlDirectory),
    known,
  );
}

/** SQLite behind the verbs: one connection, one transaction at a time; what runs outside a transaction waits for its end. */
export class SqliteDriver implements Driver {
  readonly hashesJoins = false;
  readonly #oneAtATime = new Mutex();
  readonly #listeners = new Set<(wakeUp: WakeUp) => void>();
  readonly #opened: OpenedFile;
  readonly #patience: Patience;
  #closed = false;

  constructor(
    private readonly connection: Connection,
    private readonly file: string,
    private readonly statements: PreparedStatements,
    private readonly knownMigrations: readonly string[],
  ) {
    this.#opened = new OpenedFile(file);
    this.#patience = new Patience(connection);
  }

  all<R extends object>(statement: string, params: Params = {}): Promise<R[]> {
    return this.#inPlace(() => this.#patience.run(() => this.statements.all<R>(statement, params)));
  }

  run(statement: string, params: Params = {}): Promise<number> {
    return this.#inPlace(() => this.#patience.run(() => this.statements.run(statement, params)));
  }

  estimate(statement: string, params: Params, bound = ESTIMATE_BOUND): Promise<number> {
    const atMost = Math.min(bound, ESTIMATE_BOUND);
    return this.#inPlace(() => this.#patience.run(() => this.statements.count(statement, params, atMost)));
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const tx = new SqliteTx(this.statements);
    const result = await this.#inPlace(() => this.#commit(tx, work));
    for (const wakeUp of tx.wakeUps.values()) for (const listener of this.#listeners) listener(wakeUp);
    return result;
  }

  onWakeUp(listener: (wakeUp: WakeUp) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** There is no other process. */
  wakeUpsHealthy(): boolean {
    return true;
  }

  takeEcho(): null {
    return null;
  }

  health(): Promise<Health> {
    return this.#whileOpen(() => this.#patience.run(() => this.#look()));
  }

  /** What was asked before is done first, as far as no other process holds the file: that is not waited for any more. */
  close(): Promise<void> {
    this.#patience.end();
    return this.#oneAtATime.run(() => {
      if (!this.#closed) closeConnection(this.connection);
      this.#closed = true;
    });
  }

  #look(): Health {
    try {
      const [row] = this.connection.prepare("select sqlite_version() as version").all() as {
        version: string;
      }[];
      const schema = schemaState(readMigrations(this.connection), this.knownMigrations);
      const writes = this.#opened.isInPlace() ? "accepted" : "file_gone";
      return { database: "sqlite", version: row!.version, schema, writes };
    } catch (error) {
      throw sqliteFault("health", this.file, error);
    }
  }

  #inPlace<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#whileOpen(() => {
      this.#opened.requireInPlace();
      return work();
    });
  }

  #whileOpen<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#oneAtATime.run(() => {
      if (this.#closed) throw new DatabaseUnavailable(`The database ${this.file} is closed.`);
      return work();
    });
  }

  async #commit<T>(tx: SqliteTx, work: (tx: Tx) => Promise<T>): Promise<T> {
    await this.#patience.run(() => this.statements.control("begin immediate"));
    try {
      const result = await work(tx);
      tx.requireWhole();
      this.statements.control("commit");
      return result;
    } catch (error) {
      this.#rollback();
      throw error;
    } finally {
      tx.over = true;
    }
  }

  // SQLite has rolled back by itself after some faults (a full disk), and then refuses; the first fault is the one to tell.
  #rollback(): void {
    try {
      this.connection.exec("rollback");
    } catch {
      return;
    }
  }
}

class SqliteTx implements Tx {
  readonly wakeUps = new Map<string, WakeUp>();
  #failed: Error | null = null;
  over = false;

  constructor(private readonly statements: PreparedStatements) {}

  // Not async: the statement runs before anything else can; async is only what the answer looks like.
  all<R extends object>(statement: string, params: Params = {}): Promise<R[]> {
    return this.#run(() => this.statements.all<R>(statement, params));
  }

  run(statement: string, params: Params = {}): Promise<number> {
    return this.#run(() => this.statements.run(statement, params));
  }

  wake(wakeUp: WakeUp): void {
    this.wakeUps.set(JSON.stringify(wakeUp), wakeUp);
  }

  /** Throws the fault of a statement that `work` swallowed: a verb must not commit half of itself. */
  requireWhole(): void {
    if (this.#failed !== null) throw this.#failed;
  }

  #run<T>(execute: () => T): Promise<T> {
    try {
      if (this.over)
        throw new Error("A statement was sent after its transaction had ended: await it inside.");
      return Promise.resolve(execute());
    } catch (error) {
      const fault = error as Error;
      this.#failed ??= fault;
      return Promise.reject(fault);
    }
  }
}

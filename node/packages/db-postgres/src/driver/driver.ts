import { statementNamed, type Driver, type Health, type Params, type StatementFile } from "@maxq/db";
import type { Tx, WakeUp } from "@maxq/db";
import type { Pool, PoolClient } from "pg";
import { setTimeout as delay } from "node:timers/promises";
import { equipSession, GOODBYE_MS } from "../connection/config.js";
import type { Connections } from "../connection/connections.js";
import { mayBeLost, postgresFault } from "../connection/fault.js";
import type { Watch } from "../connection/watch.js";
import type { HotConnection } from "../hot/connection.js";
import { estimateRows } from "../statement/estimate.js";
import type { Result, StatementFiles } from "../statement/tinypg.js";
import type { WakeUpBoard } from "../wake/board.js";
import type { Listener } from "../wake/listener.js";
import { notifications } from "../wake/message.js";
import type { Teller } from "../wake/teller.js";
import { callFunctions } from "../session/functions.js";
import { readHealth } from "./health.js";
import { commit, retryingConflicts } from "./transaction.js";

/** What a driver is put together from, by `openPostgresDriver`. */
export interface DriverParts {
  readonly connections: Connections;
  readonly watch: Watch;
  readonly pool: Pool;
  readonly files: StatementFiles;
  readonly statements: ReadonlyMap<string, StatementFile>;
  readonly hot: HotConnection;
  readonly board: WakeUpBoard;
  readonly listener: Listener;
  readonly teller: Teller;
  /** Who this process is on the channel of wake-ups. */
  readonly origin: string;
  /** There is a pooler in between, which may hand out another session for each transaction. */
  readonly pooled: boolean;
  readonly knownMigrations: readonly string[];
}

/** PostgreSQL behind the verbs: a pool, and beside it one connection for the hot statements and one that listens. */
export class PostgresDriver implements Driver {
  readonly hashesJoins = true;
  #closed: Promise<void> | null = null;
  /** Connections of the pool that have the functions. */
  readonly #equipped = new WeakSet<PoolClient>();

  constructor(private readonly parts: DriverParts) {}

  /** Whether sessions keep what is made in them, and functions may be called. */
  get keepsSessions(): boolean {
    return !this.parts.pooled;
  }

  /** The worker's own connection, planned for the hot statements. */
  get hot(): HotConnection {
    return this.parts.hot;
  }

  async all<R extends object>(statement: string, params: Params = {}): Promise<R[]> {
    return (await this.#execute(statement, params)).rows as R[];
  }

  async run(statement: string, params: Params = {}): Promise<number> {
    return (await this.#execute(statement, params)).count;
  }

  estimate(statement: string, params: Params): Promise<number> {
    return estimateRows(this.parts.pool, statementNamed(this.parts.statements, statement, "sql"), params);
  }

  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const { result, wakeUps } = await retryingConflicts(() =>
      this.#onClient((client) =>
        commit(
          client,
          (statement, params) => this.parts.files.executeOn(client, statement, params),
          work,
          (wakeUps) => notifications(this.parts.origin, wakeUps),
        ),
      ),
    );
    this.parts.board.tell(wakeUps);
    return result;
  }

  /** Runs a statement of `sql/call`: a function that is a transaction of its own, on a connection of the pool that has it. */
  async call<R extends object>(statement: string, params: Params): Promise<R[]> {
    const { rows } = await retryingConflicts(() =>
      this.#onClient(async (client) => {
        if (!this.#equipped.has(client)) {
          await equipSession(client, callFunctions);
          this.#equipped.add(client);
        }
        return this.parts.files.executeOn(client, statement, params);
      }),
    );
    return rows as R[];
  }

  onWakeUp(listener: (wakeUp: WakeUp) => void): () => void {
    return this.parts.board.add(listener);
  }

  /** Tells the listeners of this process of what a hot statement has committed. */
  tellHere(wakeUps: readonly WakeUp[]): void {
    this.parts.board.tell(wakeUps);
  }

  /** Tells everybody of what has committed. */
  tell(wakeUps: readonly WakeUp[]): void {
    this.tellHere(wakeUps);
    this.tellOthers(wakeUps);
  }

  /** Tells other processes; see `Teller.tell`. */
  tellOthers(wakeUps: readonly WakeUp[]): void {
    this.parts.teller.tell(wakeUps);
  }

  /** Tells other processes with the commit of the statement that takes what is answered; see `Teller.withCommit`. */
  tellOthersWithCommit(wakeUps: readonly WakeUp[]): readonly string[] | null {
    return this.parts.teller.withCommit(wakeUps);
  }

  wakeUpsHealthy(): boolean {
    return this.parts.listener.healthy;
  }

  takeEcho(): string | null {
    return this.parts.listener.takeEcho();
  }

  health(): Promise<Health> {
    return readHealth(this.parts.pool, this.parts.knownMigrations);
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  /** What is under way may end; a network that does not answer is not waited for. */
  async #close(): Promise<void> {
    const { teller, listener, hot, pool, watch, connections } = this.parts;
    watch.stop();
    const told = teller.close().then(() => pool.end());
    const ended = Promise.all([told, listener.stop(), hot.close()]);
    await Promise.race([ended, delay(GOODBYE_MS, undefined, { ref: false })]);
    connections.destroy();
  }

  #execute(statement: string, params: Params): Promise<Result> {
    return retryingConflicts(() => this.parts.files.execute(statement, params));
  }

  async #onClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await this.parts.pool.connect().catch((error: unknown) => {
      throw postgresFault("connect", error);
    });
    const release = client.release.bind(client);
    // tinypg releases after each statement; in a transaction the client is ours until the end.
    client.release = () => undefined;
    let broken = true;
    try {
      const result = await work(client);
      broken = false;
      return result;
    } catch (error) {
      broken = mayBeLost(error) || client.getTransactionStatus() !== "I";
      throw error;
    } finally {
      release(broken);
    }
  }
}

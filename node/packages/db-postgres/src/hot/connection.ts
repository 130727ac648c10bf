import {
  DatabaseUnavailable,
  parameterValues,
  statementNamed,
  type Params,
  type StatementFile,
  type Statements,
  type Tx,
} from "@maxq/db";
import type { WakeUpBoard } from "../wake/board.js";
import { notifications } from "../wake/message.js";
import { Client } from "../connection/client.js";
import { clientConfig, equipSession, setUpSession, type ConnectionOptions } from "../connection/config.js";
import type { Connections } from "../connection/connections.js";
import { mayBeLost, maySucceedAnew, NoConnectionLeft } from "../connection/fault.js";
import { commit, retryingConflicts } from "../driver/transaction.js";
import { hotFunctions } from "../session/functions.js";
import { ask } from "../statement/ask.js";
import { preparedName } from "../statement/name.js";
import { send } from "../statement/send.js";
import type { Result } from "../statement/tinypg.js";

/** The planner must not think again, nor ever read a table from end to end: the tables it sees when it plans are not those it runs on. */
const SESSION =
  "set enable_seqscan = off; set enable_bitmapscan = off; set enable_hashjoin = off; set enable_mergejoin = off; set enable_sort = off; set plan_cache_mode = force_generic_plan; set jit = off;";

/** `pooled`: a pooler hands another session out for each transaction, so each sets up what it needs, and prepares nothing. */
export interface HotConnectionOptions extends ConnectionOptions {
  readonly pooled?: boolean;
  /** Gives up connections that are needed less than this one, where there are none left. */
  readonly makeRoom?: () => Promise<void>;
}

/**
 * One connection of its own, on plain pg, for the statements that every step costs: named prepared statements with generic plans, one after the other.
 * Connects when first used, and again after it was lost.
 */
export class HotConnection implements Statements {
  #client: Client | null = null;
  /** Statements that this client has prepared. */
  readonly #prepared = new WeakMap<Client, Set<string>>();
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(
    private readonly options: HotConnectionOptions,
    private readonly statements: ReadonlyMap<string, StatementFile>,
    private readonly directory: string,
    private readonly origin: string,
    private readonly board: WakeUpBoard,
    private readonly connections: Connections,
  ) {}

  async all<R extends object>(statement: string, params: Params = {}): Promise<R[]> {
    return (await this.#file(statement, params)).rows as R[];
  }

  async run(statement: string, params: Params = {}): Promise<number> {
    return (await this.#file(statement, params)).count;
  }

  /** The only column, a text, of the only row that a statement answers; null if it is NULL. */
  answer(statement: string, params: Params): Promise<string | null> {
    return this.#next(async (client) => {
      const known = this.#prepared.get(client);
      if (known?.has(statement)) return this.#ask(client, statement, params);
      const send = this.options.pooled === true ? this.#sendPooled : this.#send;
      const { rows } = await send.call(this, client, statement, params);
      known?.add(statement);
      return (Object.values(rows[0] ?? {})[0] ?? null) as string | null;
    });
  }

  /** Runs a statement that is in no file. `text` has `$1` … for the values; one name means one text. */
  async query<R extends object>(name: string, text: string, values: readonly unknown[]): Promise<R[]> {
    return (await this.#next((client) => this.#query(client, name, text, values))).rows as R[];
  }

  /** As `Driver.transaction`, on this connection. */
  async transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const { result, wakeUps } = await this.#next((client) =>
      commit(
        client,
        (statement, params) => this.#send(client, statement, params),
        work,
        (wakeUps) => notifications(this.origin, wakeUps),
      ),
    );
    this.board.tell(wakeUps);
    return result;
  }

  /** After what is under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#last;
    await this.#client?.end();
    this.#client = null;
  }

  #file(statement: string, params: Params): Promise<Result> {
    return this.#next((client) =>
      this.options.pooled === true
        ? this.#sendPooled(client, statement, params)
        : this.#send(client, statement, params),
    );
  }

  async #sendPooled(client: Client, name: string, params: Params): Promise<Result> {
    const work = async (): Promise<Result> => {
      await equipSession(client, SESSION.replaceAll("set ", "set local ") + hotFunctions);
      return this.#send(client, name, params);
    };
    const { result } = await commit(
      client,
      () => Promise.reject(new Error("unused")),
      work,
      () => "",
    );
    return result;
  }

  #send(client: Client, name: string, params: Params): Promise<Result> {
    const statement = statementNamed(this.statements, name, this.directory);
    return this.#query(client, name, statement.positional, parameterValues(statement, params));
  }

  #ask(client: Client, name: string, params: Params): Promise<string | null> {
    const statement = statementNamed(this.statements, name, this.directory);
    const prepared = preparedName(name, statement.positional);
    return ask(client, { name, prepared, values: parameterValues(statement, params) });
  }

  #query(client: Client, name: string, text: string, values: readonly unknown[]): Promise<Result> {
    return send(client, { name, text, values, prepare: this.options.pooled !== true });
  }

  #next<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const answer = this.#last.then(() => retryingConflicts(() => this.#use(work)));
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  async #use<T>(work: (client: Client) => Promise<T>): Promise<T> {
    const client = (this.#client ??= await this.#connect());
    try {
      return await work(client);
    } catch (error) {
      if (mayBeLost(error) || maySucceedAnew(error) || client.getTransactionStatus() !== "I")
        this.#drop(client);
      throw error;
    }
  }

  async #connect(): Promise<Client> {
    if (this.#closed) throw new DatabaseUnavailable("The connection to PostgreSQL is closed.");
    const client = new Client(clientConfig(this.options), this.connections);
    client.on("error", () => this.#drop(client));
    client.on("end", () => this.#drop(client));
    try {
      await client.connect();
      await setUpSession(client, this.options, this.options.pooled === true ? "" : SESSION + hotFunctions);
      if (this.options.pooled !== true) this.#prepared.set(client, new Set());
      return client;
    } catch (error) {
      void client.end().catch(() => undefined);
      // For the next attempt: the server takes a moment to end them.
      if (error instanceof NoConnectionLeft) await this.options.makeRoom?.();
      throw error;
    }
  }

  /** The next statement connects anew. */
  #drop(client: Client): void {
    if (this.#client === client) this.#client = null;
    void client.end().catch(() => undefined);
  }
}

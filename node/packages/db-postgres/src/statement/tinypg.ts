import { parameterValues, statementNamed, type Params, type StatementFile } from "@maxq/db";
import type { ClientBase, Pool } from "pg";
import { TinyPg, TinyPgError } from "tinypg";
import { postgresFault } from "../connection/fault.js";
import { preparedName } from "./name.js";
import { send } from "./send.js";

/** What a statement gave. */
export interface Result {
  readonly rows: readonly object[];
  /** How many rows were moved or answered. */
  readonly count: number;
}

/** A file whose first line begins so has values that decide on the plan: it is not prepared, because a prepared statement gets one plan for all values. */
const PLAN_EACH_TIME = "-- plan: each time";

/** The statement files, run by tinypg: the only place that knows it. It is no longer maintained, and what it gets wrong is put right here. */
export class StatementFiles {
  readonly #tiny: TinyPg;

  /** Throws, naming the file, if tinypg does not understand a file as we do. `prepare`: as named prepared statements. */
  constructor(
    pool: Pool,
    private readonly directory: string,
    private readonly statements: ReadonlyMap<string, StatementFile>,
    private readonly prepare: boolean,
  ) {
    this.#tiny = new TinyPg({ root_dir: directory, use_prepared_statements: prepare });
    // Its own pool has no error listeners on clients and no type parsers. It connects lazily, so this one never has.
    this.#tiny.pool = pool;
    for (const statement of statements.values()) this.#adopt(statement, prepare);
  }

  /** Runs a statement on a client of the pool. Rejects with `DatabaseUnavailable` or `StatementFailed`. */
  async execute(name: string, params: Params): Promise<Result> {
    const statement = statementNamed(this.statements, name, this.directory);
    const values = parameterValues(statement, params);
    const byName = Object.fromEntries(statement.parameters.map((parameter, i) => [parameter, values[i]]));
    try {
      const { rows, row_count } = await this.#tiny.sql(name, byName);
      return { rows, count: row_count };
    } catch (error) {
      // Its error holds the parameters and, in its stack, the text.
      const cause = error instanceof TinyPgError ? (error.queryContext as { error?: unknown }).error : error;
      throw postgresFault(name, cause ?? error);
    }
  }

  /**
   * Runs a statement on the client given, which may be in a transaction, on plain pg. tinypg's own transactions resolve although nothing was committed,
   * if an error was swallowed, and hide the first error behind that of the rollback. Rejects as `execute` does.
   */
  executeOn(client: ClientBase, name: string, params: Params): Promise<Result> {
    const statement = statementNamed(this.statements, name, this.directory);
    const prepare = this.prepare && !statement.text.startsWith(PLAN_EACH_TIME);
    return send(client, {
      name,
      text: statement.positional,
      values: parameterValues(statement, params),
      prepare,
    });
  }

  // Its parser trips on `ESCAPE '\'`, on dollar quotes that hold `:x`, on nested comments and on slices.
  #adopt(statement: StatementFile, prepare: boolean): void {
    const call = this.#tiny.sql_db_calls[statement.name];
    if (call?.config.parameterized_query !== statement.positional)
      throw new Error(
        `The statement in ${statement.file} cannot be used: tinypg reads its parameters differently. ` +
          `Avoid colons and quotes in comments, strings, slices and dollar quotes.`,
      );
    // Its names are cut at 63 characters and hashed with 32 bits.
    if (statement.text.startsWith(PLAN_EACH_TIME)) Object.assign(call.config, { prepared: false });
    else if (prepare) call.prepared_name = preparedName(statement.name, statement.positional);
  }
}

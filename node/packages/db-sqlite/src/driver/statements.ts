import { parameterValue, statementNamed, type Params, type StatementFile } from "@maxq/db";
import { sqliteFault } from "../connection/fault.js";
import type { Connection, PreparedStatement } from "../connection/library.js";
import { bindable, type Bindable } from "./bindable.js";

type Bare = Pick<StatementFile, "name" | "anonymous" | "inOrder">;
type Step<T> = (handle: PreparedStatement, bound: Bindable[]) => T;

/**
 * The statement files on one connection: each prepared once, when it is first needed. Values are bound by position:
 * the library finds a place by its name in 0.4 µs.
 */
export class PreparedStatements {
  readonly #prepared = new Map<string, PreparedStatement>();

  constructor(
    private readonly connection: Connection,
    private readonly file: string,
    private readonly statements: ReadonlyMap<string, StatementFile>,
    private readonly directory: string,
  ) {}

  all<R extends object>(name: string, params: Params): R[] {
    return this.#execute(name, params, (handle, bound) => handle.all(...bound) as R[]);
  }

  run(name: string, params: Params): number {
    return this.#execute(name, params, (handle, bound) => handle.run(...bound).changes);
  }

  /** Begins or ends a transaction. */
  control(word: "begin immediate" | "commit"): void {
    this.#step({ name: word, anonymous: word, inOrder: [] }, {}, (handle) => handle.run());
  }

  /** How many rows the statement gives, counted no further than `bound`. */
  count(name: string, params: Params, bound: number): number {
    const statement = statementNamed(this.statements, name, this.directory);
    const anonymous = `select count(*) as "count" from (select 1 from (${statement.anonymous}) limit ?)`;
    const inOrder = [...statement.inOrder, "bound"];
    return this.#step(
      { name: `${name} (counted)`, anonymous, inOrder },
      { ...params, bound },
      (handle, bound) => (handle.all(...bound) as { count: number }[])[0]!.count,
    );
  }

  #execute<T>(name: string, params: Params, step: Step<T>): T {
    return this.#step(statementNamed(this.statements, name, this.directory), params, step);
  }

  #step<T>(statement: Bare, params: Params, step: Step<T>): T {
    const bound = statement.inOrder.map((name) => bindable(parameterValue(statement, params, name)));
    try {
      return step(this.#prepare(statement), bound);
    } catch (error) {
      throw sqliteFault(statement.name, this.file, error);
    }
  }

  #prepare(file: Bare): PreparedStatement {
    let prepared = this.#prepared.get(file.name);
    if (prepared === undefined) {
      prepared = this.connection.prepare(file.anonymous);
      this.#prepared.set(file.name, prepared);
    }
    return prepared;
  }
}

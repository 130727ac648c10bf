import { parameterValues, statementNamed, type Params, type StatementFile } from "@maxq/db";
import { sqliteFault } from "../connection/fault.js";
import type { Connection, PreparedStatement } from "../connection/library.js";

type Bound = Record<string, string | number | bigint | null>;

/** The statement files on one connection: each prepared once, when it is first needed. */
export class PreparedStatements {
  readonly #prepared = new Map<string, PreparedStatement>();

  constructor(
    private readonly connection: Connection,
    private readonly file: string,
    private readonly statements: ReadonlyMap<string, StatementFile>,
    private readonly directory: string,
  ) {}

  all<R extends object>(name: string, params: Params): R[] {
    return this.#execute(name, params, (handle, bound) => handle.all(bound) as R[]);
  }

  run(name: string, params: Params): number {
    return this.#execute(name, params, (handle, bound) => handle.run(bound).changes);
  }

  /** How many rows the statement gives, counted no further than `bound`. */
  count(name: string, params: Params, bound: number): number {
    const statement = statementNamed(this.statements, name, this.directory);
    const text = `select count(*) as "count" from (select 1 from (${statement.text}) limit :bound)`;
    const parameters = [...statement.parameters, "bound"];
    const counting = { ...statement, name: `${name} (counted)`, text, parameters };
    return this.#step(
      counting,
      { ...params, bound },
      (handle, bound) => (handle.all(bound) as { count: number }[])[0]!.count,
    );
  }

  #execute<T>(name: string, params: Params, step: (handle: PreparedStatement, bound: Bound) => T): T {
    return this.#step(statementNamed(this.statements, name, this.directory), params, step);
  }

  #step<T>(
    statement: StatementFile,
    params: Params,
    step: (handle: PreparedStatement, bound: Bound) => T,
  ): T {
    const values = parameterValues(statement, params);
    const bound: Bound = {};
    statement.parameters.forEach((parameter, i) => (bound[parameter] = bindable(values[i]!)));
    try {
      return step(this.#prepare(statement), bound);
    } catch (error) {
      throw sqliteFault(statement.name, this.file, error);
    }
  }

  #prepare(file: StatementFile): PreparedStatement {
    let prepared = this.#prepared.get(file.name);
    if (prepared === undefined) {
      prepared = this.connection.prepare(file.text);
      this.#prepared.set(file.name, prepared);
    }
    return prepared;
  }
}

/** As SQLite takes it: arrays as JSON text, booleans as 0 and 1, whole numbers as INTEGER (a plain number would be bound as REAL). */
function bindable(value: Params[string]): string | number | bigint | null {
  if (typeof value === "boolean") return value ? 1n : 0n;
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (value === null || typeof value === "string") return value;
  return JSON.stringify(value);
}

import { DatabaseUnavailable, StatementFailed } from "@maxq/db";
import pg from "pg";

/** The whole transaction may be tried again: PostgreSQL broke a deadlock or a serialization conflict by giving it up. */
export class TransactionConflict extends DatabaseUnavailable {}

/** The role, the database or the server has no connection left for us. */
export class NoConnectionLeft extends DatabaseUnavailable {}

const NO_CONNECTION_LEFT = "53300";
const CONFLICTS = ["40001", "40P01"];
/** SQLSTATE classes and codes that speak of the server, the connection or a limit, not of the statement. */
const UNAVAILABLE = /^(08|53|57P)|^(25006|25P03|28000|28P01|3D000|55P03|57014|58030)$/;
/** What the values that were sent can be to blame for: their form or encoding, a constraint, a limit of size or depth. Other codes speak of the schema, the session, rights, or a fault of the server. */
const OF_CONTENT = /^(22|23|54)/;
/** Their messages quote the data itself. */
const DATA_EXCEPTION = /^22/;

/** What pg threw, as what callers know: `DatabaseUnavailable` or `StatementFailed`, neither with values that were sent. A mistake of ours in JavaScript stays what it is. */
export function postgresFault(statement: string, error: unknown): unknown {
  if (error instanceof DatabaseUnavailable || error instanceof StatementFailed) return error;
  if (error instanceof pg.DatabaseError) return refused(statement, error);
  if (!isConnectionFault(error)) return error;
  return new DatabaseUnavailable(`PostgreSQL did not answer ${statement}: ${reason(error)}.`);
}

/** What kept a connection from being made, or its session from being set up: `DatabaseUnavailable`, whatever PostgreSQL said, because no statement of a caller is its cause. */
export function connectFault(where: string, error: unknown): unknown {
  if (!(error instanceof pg.DatabaseError)) return postgresFault(where, error);
  const message = `PostgreSQL gave no session ${where}: ${error.message} (${error.code ?? "no SQLSTATE"}).`;
  return error.code === NO_CONNECTION_LEFT ? new NoConnectionLeft(message) : new DatabaseUnavailable(message);
}

/** Whether the connection on which this happened may be lost, or still be busy with a statement that was given up. Then nothing more is to be sent on it. */
export function mayBeLost(error: unknown): boolean {
  return error instanceof DatabaseUnavailable && !(error instanceof TransactionConflict);
}

/** Whether a session made anew may do what this one would not, because what was sent is not to blame: it may have lost its functions, or planned for a schema that has changed. */
export function maySucceedAnew(error: unknown): boolean {
  return error instanceof StatementFailed && !error.ofContent;
}

function refused(statement: string, error: pg.DatabaseError): Error {
  const code = error.code ?? "no SQLSTATE";
  if (CONFLICTS.includes(code))
    return new TransactionConflict(`PostgreSQL gave up ${statement}: ${error.message} (${code}).`);
  if (UNAVAILABLE.test(code))
    return new DatabaseUnavailable(`PostgreSQL could not run ${statement}: ${error.message} (${code}).`);
  const why = DATA_EXCEPTION.test(code) ? error.message.replace(/"[\s\S]*"/, '"…"') : error.message;
  return new StatementFailed(statement, code, why, OF_CONTENT.test(code));
}

// pg reports lost connections, timeouts and failed look-ups as plain errors, or as those of the system.
function isConnectionFault(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return !(error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError);
}

function reason(error: Error): string {
  if (error instanceof AggregateError && error.message === "")
    return error.errors.map((each) => (each instanceof Error ? each.message : String(each))).join(", ");
  return error.message;
}

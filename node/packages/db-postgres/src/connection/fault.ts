import { DatabaseUnavailable, StatementFailed } from "@maxq/db";
import pg from "pg";

/** The whole transaction may be tried again: PostgreSQL broke a deadlock or a serialization conflict by giving it up. */
export class TransactionConflict extends DatabaseUnavailable {}

const CONFLICTS = ["40001", "40P01"];
/** SQLSTATE classes and codes that speak of the server, the connection or a limit, not of the statement. */
const UNAVAILABLE = /^(08|53|57P)|^(25006|25P03|28000|28P01|3D000|55P03|57014|58030)$/;
/** Their messages quote the data itself. */
const DATA_EXCEPTION = /^22/;

/** What pg threw, as what callers know: `DatabaseUnavailable` or `StatementFailed`, neither with values that were sent. A mistake of ours in JavaScript stays what it is. */
export function postgresFault(statement: string, error: unknown): unknown {
  if (error instanceof DatabaseUnavailable || error instanceof StatementFailed) return error;
  if (error instanceof pg.DatabaseError) return refused(statement, error);
  if (!isConnectionFault(error)) return error;
  return new DatabaseUnavailable(`PostgreSQL did not answer ${statement}: ${reason(error)}.`);
}

/** Whether the connection on which this happened may be lost, or still be busy with a statement that was given up. Then nothing more is to be sent on it. */
export function mayBeLost(error: unknown): boolean {
  return error instanceof DatabaseUnavailable && !(error instanceof TransactionConflict);
}

function refused(statement: string, error: pg.DatabaseError): Error {
  const code = error.code ?? "no SQLSTATE";
  if (CONFLICTS.includes(code))
    return new TransactionConflict(`PostgreSQL gave up ${statement}: ${error.message} (${code}).`);
  if (UNAVAILABLE.test(code))
    return new DatabaseUnavailable(`PostgreSQL could not run ${statement}: ${error.message} (${code}).`);
  const why = DATA_EXCEPTION.test(code) ? error.message.replace(/"[\s\S]*"/, '"…"') : error.message;
  return new StatementFailed(statement, code, why);
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

/** The database refused a statement: a bug, or a constraint that a verb did not expect. Never holds the values that were sent. */
export class StatementFailed extends Error {
  override readonly name = "StatementFailed";
  constructor(
    /** Name of the statement, `run.insert`. */
    readonly statement: string,
    /** SQLSTATE on PostgreSQL, the name of the result code on SQLite. */
    readonly code: string,
    why: string,
    /** Whether what was sent can be to blame: its form, its size, a constraint. If not, the same may succeed another time. */
    readonly ofContent: boolean,
  ) {
    super(`Statement ${statement} failed: ${why} (${code}).`);
  }
}

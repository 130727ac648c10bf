import { DatabaseUnavailable, StatementFailed } from "@maxq/db";

/** Another process holds the file. */
export class FileBusy extends DatabaseUnavailable {}

/** The result code of SQLite where another process holds the file. */
export const BUSY = 5;

/** Result codes that say something of the file and its disk, not of the statement; with what to do about each. */
const UNAVAILABLE: Readonly<Record<number, readonly [name: string, advice: string]>> = {
  [BUSY]: ["SQLITE_BUSY", "another process holds it; try again when it is done"],
  6: ["SQLITE_LOCKED", "another process holds it; try again when it is done"],
  7: ["SQLITE_NOMEM", "the process has no memory left"],
  8: ["SQLITE_READONLY", "make the file and its directory writable for this user"],
  10: ["SQLITE_IOERR", "check the disk"],
  13: ["SQLITE_FULL", "free some space on its disk"],
  14: ["SQLITE_CANTOPEN", "check that its directory exists and is writable for this user"],
  15: ["SQLITE_PROTOCOL", "another process holds it; try again when it is done"],
};
const NAMES: Readonly<Record<number, string>> = {
  1: "SQLITE_ERROR",
  11: "SQLITE_CORRUPT",
  18: "SQLITE_TOOBIG",
  19: "SQLITE_CONSTRAINT",
  20: "SQLITE_MISMATCH",
  26: "SQLITE_NOTADB",
};

/** What is wrong with the file as such: its name is what the reader needs. */
const DAMAGED = [11, 26];

/** How a message ends, for errors that come without their code; with any other end, it is SQLITE_ERROR. */
const ENDS: readonly (readonly [words: RegExp, code: number])[] = [
  [/database is locked$/, 5],
  [/database table is locked(: .*)?$/, 6],
  [/out of memory$/, 7],
  [/attempt to write a readonly database$/, 8],
  [/disk I\/O error$/, 10],
  [/database disk image is malformed$/, 11],
  [/database or disk is full$/, 13],
  [/unable to open database file$/, 14],
  [/locking protocol$/, 15],
  [/string or blob too big$/, 18],
  [/constraint failed/, 19],
  [/datatype mismatch$/, 20],
  [/file is not a database$/, 26],
];

/** SQLITE_ERROR, because that is what functions say of values that they do not take, as JSON's do; too big, constraint, mismatch. */
const CONTENT = [1, 18, 19, 20];

/** How a file system says that a file is not for this user. */
const FORBIDDEN = ["EACCES", "EPERM", "EROFS"];

/**
 * What SQLite threw, or a file system that forbids a file, as what callers know: `DatabaseUnavailable`, or `StatementFailed`.
 * Anything else stays what it is.
 */
export function sqliteFault(statement: string, file: string, error: unknown): unknown {
  if (error instanceof Error && FORBIDDEN.includes((error as NodeJS.ErrnoException).code ?? ""))
    return new DatabaseUnavailable(
      `The database ${file} cannot be used by this user: ${error.message}. Run this as the user whose database it is, or name another data directory (--data-dir, MAXQ_DATA_DIR).`,
    );
  const code = resultCode(error);
  if (!(error instanceof Error) || code === null) return error;
  const unavailable = UNAVAILABLE[code];
  if (unavailable === undefined) {
    const why = DAMAGED.includes(code) ? `the database ${file}: ${error.message}` : error.message;
    return new StatementFailed(
      statement,
      NAMES[code] ?? `SQLite result ${code}`,
      why,
      CONTENT.includes(code),
    );
  }
  const [name, advice] = unavailable;
  const Unavailable = code === BUSY ? FileBusy : DatabaseUnavailable;
  return new Unavailable(`The database ${file} cannot be used: ${error.message} (${name}): ${advice}.`);
}

/**
 * The primary result code, null if it is no error of SQLite. The package that stands in for Node's own module leaves it out of what `all()` throws:
 * there it is read from the message, which is SQLite's own and does not change.
 */
export function resultCode(error: unknown): number | null {
  if (!(error instanceof Error)) return null;
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode & 0xff;
  if (!("code" in error) || error.code !== "ERR_SQLITE_ERROR") return null;
  return ENDS.find(([words]) => words.test(error.message))?.[1] ?? 1;
}

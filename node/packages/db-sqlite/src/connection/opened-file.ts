import { DatabaseUnavailable } from "@maxq/db";
import { statSync } from "node:fs";

/** The file that a connection has open. SQLite goes on with it when somebody removes it or puts another one in its place, and all that is stored then is gone at the end. */
export class OpenedFile {
  readonly #opened: string | null;

  /** To be made once the connection is open. */
  constructor(private readonly file: string) {
    this.#opened = identity(file);
  }

  /** Whether the name still leads to it. It costs 4 µs. */
  isInPlace(): boolean {
    try {
      return identity(this.file) === this.#opened;
    } catch {
      // Its directory cannot be read: that says nothing of the file.
      return true;
    }
  }

  /** Throws `DatabaseUnavailable` unless the name still leads to it. */
  requireInPlace(): void {
    if (this.isInPlace()) return;
    throw new DatabaseUnavailable(
      `The database ${this.file} was removed, or another file put in its place, while it was in use: what is written now would be lost. Stop this process, put the file that is to be used there (a backup, if there is no other), and start it again.`,
    );
  }
}

/** Null if there is no file of that name. */
function identity(file: string): string | null {
  const found = statSync(file, { bigint: true, throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev}:${found.ino}`;
}

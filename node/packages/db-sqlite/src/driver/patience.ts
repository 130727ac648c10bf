import { FileBusy } from "../connection/fault.js";
import type { Connection } from "../connection/library.js";

/** So long a statement waits for another process that holds the file, in ms. */
const PATIENCE_MS = 5000;
/** So much of it SQLite may wait by itself: nothing else of this thread runs meanwhile. */
const AT_A_TIME = "pragma busy_timeout = 100";

/** Waiting for other processes that hold the file, in pieces, so that the thread hears in between when nobody is to wait any more. */
export class Patience {
  #over = false;

  constructor(connection: Connection) {
    connection.exec(AT_A_TIME);
  }

  /** Runs a statement, again as long as another process holds the file. */
  run<T>(statement: () => T): T | Promise<T> {
    try {
      return statement();
    } catch (error) {
      if (this.#over || !(error instanceof FileBusy)) throw error;
      return this.#again(statement, performance.now() + PATIENCE_MS);
    }
  }

  /** From now on nothing waits longer than SQLite does by itself. */
  end(): void {
    this.#over = true;
  }

  async #again<T>(statement: () => T, until: number): Promise<T> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      try {
        return statement();
      } catch (error) {
        if (this.#over || performance.now() > until || !(error instanceof FileBusy)) throw error;
      }
    }
  }
}

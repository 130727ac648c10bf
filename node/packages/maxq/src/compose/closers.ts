import type { Logger } from "pino";

/** What has been opened, to be closed in the opposite order. */
export class Closers {
  readonly #closers: (() => unknown)[] = [];

  add(close: () => unknown): void {
    this.#closers.push(close);
  }

  /** Closes everything once; the first failure is thrown when all have been tried. */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}

/** Opens things one after the other; what was opened is closed again if a later one fails. */
export async function openAll<T>(logger: Logger, open: (closers: Closers) => Promise<T>): Promise<T> {
  const closers = new Closers();
  try {
    return await open(closers);
  } catch (error) {
    await closers.close().catch((failure: unknown) => logger.error({ err: failure }, "Closing failed"));
    throw error;
  }
}

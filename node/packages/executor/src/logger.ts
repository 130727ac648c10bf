/** What the executor needs of a logger. */
export interface ExecutorLogger {
  info(message: string, details?: Readonly<Record<string, unknown>>): void;
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
}

/** A logger that says nothing. */
export const silentLogger: ExecutorLogger = { info: () => {}, warn: () => {}, error: () => {} };

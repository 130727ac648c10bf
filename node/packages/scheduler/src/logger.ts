import type { Logger } from "pino";

/** What the scheduler needs of a logger; a pino logger is one. */
export type WorkerLogger = Pick<Logger, "debug" | "info" | "warn" | "error" | "isLevelEnabled">;

import type { ErrorCode } from "./errors.js";

/** An expected failure, as a value: what happened, to what, and what to do next. Stored on runs and steps, answered by the API. */
export interface Problem {
  readonly code: ErrorCode;
  /** One or two sentences for a person. Never holds a secret. */
  readonly message: string;
  /** Facts for a program (path, position, names, exit code …); JSON. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Makes a problem; `details` are left out when empty. */
export function problem(code: ErrorCode, message: string, details?: Record<string, unknown>): Problem {
  return details === undefined ? { code, message } : { code, message, details };
}

import type { ErrorCode } from "./errors.js";
import { withoutTokens } from "./without-tokens.js";

/** An expected failure, as a value: what happened, to what, and what to do next. Stored on runs and steps, answered by the API. */
export interface Problem {
  readonly code: ErrorCode;
  /** One or two sentences for a person. Never holds a secret. */
  readonly message: string;
  /** Facts for a program (path, position, names, exit code …); JSON. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Makes a problem; `details` are left out when empty. Much of one is what somebody sent or a script printed, in which a token may be:
 * it has `[token]` in its place. What is cut out of a longer text is asked for with `partWithoutTokens`.
 */
export function problem(code: ErrorCode, message: string, details?: Record<string, unknown>): Problem {
  const shown = withoutTokens(message);
  if (details === undefined) return { code, message: shown };
  const kept = JSON.parse(withoutTokens(JSON.stringify(details))) as Record<string, unknown>;
  return { code, message: shown, details: kept };
}

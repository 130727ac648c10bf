import type { Problem } from "@maxq/core";
import type { Refused } from "@maxq/db";

/** What a route answers: a JSON body, a refusal, or text that is written as it comes. */
export type Answer = JsonAnswer | RefusedAnswer | StreamAnswer;

/** One JSON document. */
export interface JsonAnswer {
  readonly reason: "json";
  readonly status: number;
  readonly body: object;
  readonly headers: Readonly<Record<string, string>>;
}

/** A refusal; its status is the one of its code. */
export interface RefusedAnswer {
  readonly reason: "refused";
  readonly problem: Problem;
  /** The store has noted it on the flow call already. */
  readonly noted: boolean;
  readonly headers: Readonly<Record<string, string>>;
}

/** Text that is written as it comes. */
export interface StreamAnswer {
  readonly reason: "stream";
  readonly contentType: string;
  /**
   * Writes until there is no more, the reader has gone, or the server closes. `cut off`: there would be more, and the reader is to see that from how the answer
   * ends; where the text says so itself, it is `whole`.
   */
  readonly write: (writer: StreamWriter) => Promise<"whole" | "cut off">;
}

/** The reader's end of a stream. */
export interface StreamWriter {
  /** Aborted when the reader has gone or the server closes. */
  readonly signal: AbortSignal;
  /** Resolves when there is room for more; false if the reader took nothing for too long, or has gone. */
  write(text: string | Buffer): Promise<boolean>;
}

/** An answer with a JSON body. */
export function answer(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): JsonAnswer {
  return { reason: "json", status, body, headers };
}

/** An answer that refuses. */
export function refuse(problem: Problem, headers: Readonly<Record<string, string>> = {}): RefusedAnswer {
  return { reason: "refused", problem, noted: false, headers };
}

/** The answer to what the store refused. */
export function refusedByStore({ problem }: Refused): RefusedAnswer {
  return { reason: "refused", problem, noted: true, headers: {} };
}

import type { Problem } from "@maxq/core";

/** What the server answered, or that it did not. Expected refusals are values; nothing here throws for one. */
export type Answer<T> = Answered<T> | Refused | Unreachable;

/** The server did what was asked. */
export interface Answered<T> {
  readonly reason: "ok";
  readonly status: number;
  readonly value: T;
}

/** The server refused: `problem` says why and what to do. */
export interface Refused {
  readonly reason: "refused";
  readonly status: number;
  readonly problem: Problem;
  /** Also in the server's log; null if what answered is no MaxQ. */
  readonly requestId: string | null;
}

/** No answer came, or none that can be read. Whether the request was done is not known. */
export interface Unreachable {
  readonly reason: "unreachable";
  readonly message: string;
}

/** A refusal or silence as an error, for callers that would rather throw. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(readonly answer: Refused | Unreachable) {
    super(answer.reason === "refused" ? answer.problem.message : answer.message);
  }

  /** The code of a refusal; null if no answer came. */
  get code(): Problem["code"] | null {
    return this.answer.reason === "refused" ? this.answer.problem.code : null;
  }
}

/** The value; throws `ApiError` if there is none. */
export function valueOf<T>(answer: Answer<T>): T {
  if (answer.reason === "ok") return answer.value;
  throw new ApiError(answer);
}

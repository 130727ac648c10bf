import type { Page, PageRequest } from "@maxq/db";
import { problem } from "@maxq/core";
import { answer, refuse, type Answer, type JsonAnswer, type RefusedAnswer } from "../answer/answer.js";

/** What a query says about its page. */
interface PageQuery {
  readonly limit: number;
  readonly offset?: number | undefined;
  readonly cursor?: string | undefined;
}

/** The page that a query asks for. */
export function pageOf({ limit, offset, cursor }: PageQuery): PageRequest {
  return { limit, offset: offset ?? 0, cursor: cursor ?? null };
}

/** A page as lists answer it. */
export function answerPage<T>(page: Page<T>, query: PageQuery): Answer {
  if (page.strayCursor) return noSuchCursor();
  const { data, total, totalIsEstimate, nextCursor } = page;
  const estimate = totalIsEstimate ? { totalIsEstimate } : {};
  const pagination = { total, limit: query.limit, offset: query.offset ?? 0, nextCursor, ...estimate };
  return answer(200, { data, pagination });
}

/** The refusal of a cursor that is none of the list in its order. */
export function noSuchCursor(): RefusedAnswer {
  return refuse(
    problem(
      "INVALID_REQUEST",
      "`cursor` is none that this server gave for this list in this order. Hand back `nextCursor` of the page before, as it is.",
      { path: "cursor" },
    ),
  );
}

/** A whole list in the shape of a page. */
export function answerAll(data: readonly unknown[]): JsonAnswer {
  const pagination = { total: data.length, limit: data.length, offset: 0, nextCursor: null };
  return answer(200, { data, pagination });
}

/** The object without the keys whose value is undefined, which the types of filters do not allow. */
export function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

import type { Page, PageRequest } from "@maxq/db";

/** The first page. */
export function first(limit: number, offset = 0): PageRequest {
  return { limit, offset, cursor: null };
}

/** Every row of a list, read page by page along its cursors; `between` is called after each page. */
export async function readAll<T>(
  list: (page: PageRequest) => Promise<Page<T>>,
  limit: number,
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly T[]> {
  const all: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await list({ limit, offset: 0, cursor });
    if (page.data.length > limit)
      throw new Error(`a page of ${page.data.length} rows, ${limit} were asked for`);
    all.push(...page.data);
    cursor = page.nextCursor;
    await between();
  } while (cursor !== null);
  return all;
}

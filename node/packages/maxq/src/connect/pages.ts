/** Where the next page begins; null on the last one. */
type Page =
  { readonly nextCursor: string | null } | { readonly pagination: { readonly nextCursor: string | null } };

/** The pages of a list, from the first one to the last; each is asked for when the one before was read. */
export async function* pages<P extends Page>(
  ask: (start: { readonly cursor?: string }) => Promise<P>,
): AsyncGenerator<P, void> {
  for (let cursor: string | null = null; ;) {
    const page: P = await ask(cursor === null ? {} : { cursor });
    yield page;
    cursor = "pagination" in page ? page.pagination.nextCursor : page.nextCursor;
    if (cursor === null) return;
  }
}

const atOnce = 8;

/** What each item turns into, in the order of the items, a few under way at a time. The first failure is thrown in its turn. */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  turn: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void> {
  const under: Promise<Result>[] = [];
  for (const item of items) {
    const result = turn(item);
    result.catch(() => undefined); // Told when it is its turn.
    under.push(result);
    if (under.length >= atOnce) yield await under.shift()!;
  }
  for (const result of under) yield await result;
}

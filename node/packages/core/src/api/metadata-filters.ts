const prefix = "metadata.";

/**
 * Takes the filters on metadata (`metadata.<key>=<text>`) out of a query: each asks for the runs whose top-level value of that key has that text.
 * What is left fits `listRunsQuerySchema`.
 */
export function splitMetadataFilters(query: Readonly<Record<string, string>>): {
  readonly metadata: Readonly<Record<string, string>>;
  readonly rest: Readonly<Record<string, string>>;
} {
  const entries = Object.entries(query);
  const isFilter = ([name]: readonly [string, string]): boolean => name.startsWith(prefix) && name !== prefix;
  return {
    metadata: Object.fromEntries(
      entries.filter(isFilter).map(([name, text]) => [name.slice(prefix.length), text]),
    ),
    rest: Object.fromEntries(entries.filter((entry) => !isFilter(entry))),
  };
}

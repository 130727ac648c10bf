import type { Driver, Params } from "../../driver.js";
import type { RunFilter } from "../../store/runs.js";
import { plainText } from "../plain-text.js";
import { isWhole, metadataRows, type MetadataRow } from "../run/metadata-rows.js";
import { rarest, type Lead } from "./rarest.js";

/** Statements that read a list of runs, and their parameters but for place and bound. */
export interface RunReading {
  readonly page: string;
  /** Where it is worth knowing how far the page reaches: what says so, and what reads it then. Null: `page` reads it always. */
  readonly within: { readonly reach: string; readonly page: string } | null;
  readonly count: string;
  readonly where: Params;
  /** About how many fit; of several conditions, as many as the rarest alone lets through. */
  readonly estimate: () => Promise<number>;
}

/**
 * How a list is read so that nothing but an index of what is filtered by is gone through: children by their parent, all others by the rarest of the conditions,
 * which are flow and status together and each value of the metadata. The others are looked up run by run. (Failed runs, 20,000, of which half have a value that
 * half of 1,000,000 runs have: page and count take the database 5 ms, begun with the metadata they took 19.)
 */
export async function runReading(driver: Driver, filter: RunFilter): Promise<RunReading> {
  const sortBy = filter.sortBy ?? "createdAt";
  const rows = metadataRows({ ...filter.metadata });
  const { way, row, estimate } = await rarest(driver, waysOf(driver, filter, rows));
  const ascending = filter.sortOrder === "asc";
  const direction = ascending ? "oldest" : "newest";
  const byMetadata = way === "_by_metadata" ? way : "";
  const byTime = sortBy !== "createdAt";
  const page = byTime ? `read.run_page_by_time${byMetadata}` : pages[way](direction);
  const reaches = byTime && way !== "_of_parent" && rows.every(isWhole);
  const within = reaches
    ? { reach: `read.run_reach_${direction}${byMetadata}`, page: "read.run_page_within_reach" }
    : null;
  const order: Params = { ascending, sortBy, sign: ascending ? 1 : -1 };
  const where = { ...plainFilters(filter), ...metadataFilters(filter, rows, row), ...order };
  return { page, within, count: `read.run_count${way}`, where, estimate };
}

type Way = "" | "_by_metadata" | "_with_metadata" | "_of_parent";

const pages: Readonly<Record<Way, (direction: string) => string>> = {
  "": (direction) => `read.run_page_${direction}`,
  _by_metadata: (direction) => `read.run_page_${direction}_by_metadata`,
  _with_metadata: (direction) => `read.run_page_${direction}_with_metadata`,
  _of_parent: () => "read.run_page_of_parent",
};

/** By which index a list may be read. */
interface RunLead extends Lead {
  readonly way: Way;
  /** The value of the metadata that it begins with, or looks up first; null where none is asked for. */
  readonly row: MetadataRow | null;
}

/** What it costs to look up a row by its key, in entries of an index gone through: 2 to 4 µs, and 0.1 to 0.2. */
const lookup = 16;

function waysOf(
  driver: Driver,
  filter: RunFilter,
  rows: readonly MetadataRow[],
): readonly [RunLead, ...RunLead[]] {
  const where = plainFilters(filter);
  const plain = { row: null, where, entryCost: lookup };
  // Of a parent with more than 1,000 children the flow and the times are all that the estimate knows.
  if (filter.parentRunId !== undefined)
    return [{ ...plain, way: "_of_parent", matches: "read.run_matches_of_parent" }];
  const named = filter.flowName !== undefined || filter.status !== undefined;
  const byState = named && rows.every(isWhole);
  const looksUp = rows.length > 1 || (filter.status !== undefined && !driver.hashesJoins);
  const byMetadata = rows.map((row): RunLead => {
    const value = { metadataName: row.name, metadataValue: row.value };
    // The index of metadata is not in the order of flows: those of others are gone through, too.
    const within =
      byState || rows.length > 1 ? { ...where, flowName: null, ...value } : { ...where, ...value };
    const matches = "read.run_matches_by_metadata";
    return { way: "_by_metadata", row, matches, where: within, entryCost: looksUp ? lookup : 1 };
  });
  const [first, ...others] = byMetadata;
  if (first === undefined) return [{ ...plain, way: "", matches: "read.run_matches" }];
  return byState
    ? [{ ...plain, way: "_with_metadata", row: first.row, matches: "read.run_matches" }, first, ...others]
    : [first, ...others];
}

function plainFilters(filter: RunFilter): Params {
  return {
    flowName: filter.flowName ?? null,
    status: filter.status ?? null,
    createdAfter: filter.createdAfter ?? null,
    createdBefore: filter.createdBefore ?? null,
    parentRunId: filter.parentRunId ?? null,
  };
}

/** Where a text goes on after what is indexed, or no index of metadata is asked, the JSON itself is compared. */
function metadataFilters(filter: RunFilter, rows: readonly MetadataRow[], first: MetadataRow | null): Params {
  const others = rows.filter((row) => row !== first);
  const whole = Object.entries(filter.metadata ?? {}).map(([key, value]) => [
    plainText(key),
    plainText(value),
  ]);
  const compare = rows.length > 0 && !(filter.parentRunId === undefined && rows.every(isWhole));
  return {
    metadataName: first?.name ?? null,
    metadataValue: first?.value ?? null,
    otherNames: others.length === 0 ? null : others.map(({ name }) => name),
    otherValues: others.length === 0 ? null : others.map(({ value }) => value),
    metadata: compare ? JSON.stringify(Object.fromEntries(whole)) : null,
    // Most runs are completed: the first that are looked up fill a page. Runs in other states are hashed first, if the planner thinks so.
    lookUp: rows.length > 1 || (filter.status?.includes("completed") ?? false),
  };
}

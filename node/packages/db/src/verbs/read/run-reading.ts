import type { Driver, Params } from "../../driver.js";
import type { RunFilter } from "../../store/runs.js";
import { plainText } from "../plain-text.js";
import { isWhole, metadataRows, type MetadataRow } from "../run/metadata-rows.js";

/** Statements that read a list of runs, and their parameters but for place and bound. */
export interface RunReading {
  readonly page: string;
  readonly count: string;
  /** What the estimate is made from. */
  readonly matches: string;
  readonly where: Params;
}

/** How a list is read so that nothing but an index of what is filtered by is gone through: children by their parent, metadata by its rarest value, all others by flow and status. */
export async function runReading(driver: Driver, filter: RunFilter): Promise<RunReading> {
  const ascending = filter.sortOrder === "asc";
  const sortBy = filter.sortBy ?? "createdAt";
  const rows = metadataRows({ ...filter.metadata });
  const where = { ...plainFilters(filter), ...(await metadataFilters(driver, filter, rows)) };
  const way = wayOf(filter, rows);
  const direction = ascending ? "oldest" : "newest";
  const page = sortBy === "createdAt" ? pages[way](direction) : "read.run_page_by_time";
  const order: Params = { ascending, sortBy, sign: ascending ? 1 : -1 };
  return { page, count: `read.run_count${way}`, matches: estimates[way], where: { ...where, ...order } };
}

type Way = "" | "_by_metadata" | "_of_parent";

const pages: Readonly<Record<Way, (direction: string) => string>> = {
  "": (direction) => `read.run_page_${direction}`,
  _by_metadata: (direction) => `read.run_page_${direction}_by_metadata`,
  _of_parent: () => "read.run_page_of_parent",
};

/** Of a parent with more than 1,000 children the flow and the times are all that the estimate knows. */
const estimates: Readonly<Record<Way, string>> = {
  "": "read.run_matches",
  _by_metadata: "read.run_matches_by_metadata",
  _of_parent: "read.run_matches_of_parent",
};

function wayOf(filter: RunFilter, rows: readonly MetadataRow[]): Way {
  if (filter.parentRunId !== undefined) return "_of_parent";
  return rows.length > 0 ? "_by_metadata" : "";
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

/** The index is asked for the rarest value; the others are looked up run by run. Where a text goes on after what is indexed, or the index does not lead, the JSON itself is compared. */
async function metadataFilters(
  driver: Driver,
  filter: RunFilter,
  rows: readonly MetadataRow[],
): Promise<Params> {
  const [first, ...others] = await rarestFirst(driver, rows);
  const leads = filter.parentRunId === undefined && (filter.sortBy ?? "createdAt") === "createdAt";
  const whole = Object.entries(filter.metadata ?? {}).map(([key, value]) => [
    plainText(key),
    plainText(value),
  ]);
  const compare = rows.length > 0 && !(leads && rows.every(isWhole));
  return {
    metadataName: first?.name ?? null,
    metadataValue: first?.value ?? null,
    others: others.length === 0 ? null : JSON.stringify(others),
    metadata: compare ? JSON.stringify(Object.fromEntries(whole)) : null,
  };
}

async function rarestFirst(driver: Driver, rows: readonly MetadataRow[]): Promise<readonly MetadataRow[]> {
  if (rows.length < 2) return rows;
  const any = { flowName: null, createdAfter: null, createdBefore: null };
  const counted = [];
  for (const row of rows) {
    const value = { metadataName: row.name, metadataValue: row.value };
    counted.push({ row, count: await driver.estimate("read.run_matches_by_metadata", { ...any, ...value }) });
  }
  return counted.sort((a, b) => a.count - b.count).map(({ row }) => row);
}

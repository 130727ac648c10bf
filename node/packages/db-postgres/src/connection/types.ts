import pg from "pg";

const INT8 = 20;
const JSON_TEXT = 114;
const INT8_ARRAY = 1016;
const NUMERIC = 1700;
const JSONB = 3802;

type Parser = (text: string) => unknown;

const parserOf = pg.types.getTypeParser as (oid: number, format?: string) => Parser;
const asText: Parser = (text) => text;
const asStrings = parserOf(INT8_ARRAY) as (text: string) => (string | null)[];
const asNumbers: Parser = (text) => asStrings(text).map((item) => (item === null ? null : Number(item)));
const OURS: ReadonlyMap<number, Parser> = new Map([
  [INT8, Number],
  [NUMERIC, Number],
  [INT8_ARRAY, asNumbers],
  [JSON_TEXT, asText],
  [JSONB, asText],
]);

/** How columns arrive: int8 and numeric as numbers (keys and epoch ms are below 2^53), JSON as text, as on SQLite; the rest as pg has it. */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: string) =>
    (format === "binary" ? undefined : OURS.get(oid)) ?? parserOf(oid, format),
};

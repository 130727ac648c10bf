import { queryFile } from "../database/sqlite.js";

const EVERYTHING = `
  select sql from sqlite_master
   where sql is not null and name not like 'sqlite%' and tbl_name not like 'knex%'
   order by tbl_name, type desc, name`;

/** The schema of a SQLite file as SQL text. */
export async function dumpSqliteSchema(file: string): Promise<string> {
  const rows = await queryFile<{ sql: string }>(file, EVERYTHING);
  return rows.map(({ sql }) => `${withoutIndent(sql)};\n`).join("");
}

// SQLite keeps the text as the migration had it, except for its first words.
function withoutIndent(sql: string): string {
  const last = /\n( *)[^\n]*$/.exec(sql)?.[1] ?? "";
  return sql.replaceAll(`\n${last}`, "\n");
}

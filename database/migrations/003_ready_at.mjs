/**
 * When a row became claimable, where that was not when it was made: for how long steps wait, which metrics tell. A column without a value costs neither time now
 * nor room in rows that have none; processes of the version before leave it empty.
 */
export async function up(knex) {
  const postgres = knex.client.config.client !== "sqlite" && knex.client.dialect !== "sqlite3";
  await knex.raw(`alter table step add column ready_at ${postgres ? "bigint" : "integer"}`);
}

export async function down(knex) {
  await knex.raw("alter table step drop column ready_at");
}

/**
 * PostgreSQL is told that names and values of metadata belong together. It took them for independent: of 3,000,000 rows with three names it expected 167,000 that
 * name a stage and say `live`, which are 500,000, and lists of runs begin with what is rarest. Nothing is written with a run; ANALYZE takes 0.1 to 0.2 s more.
 * SQLite keeps no statistics: it counts.
 */
export async function up(knex) {
  if (!isPostgres(knex)) return;
  await knex.raw("create statistics run_metadata_values (mcv) on name, value from run_metadata");
  await knex.raw("analyze run_metadata");
}

export async function down(knex) {
  if (isPostgres(knex)) await knex.raw("drop statistics run_metadata_values");
}

function isPostgres(knex) {
  return knex.client.config.client !== "sqlite" && knex.client.dialect !== "sqlite3";
}

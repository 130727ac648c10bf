/**
 * What run_times is on PostgreSQL: lists of runs sorted by their start or end read as many as the page has. Among a million runs on SQLite such a page took 150 ms, all of
 * them read. Two entries more a run, each at the end of its index: 300 one-step runs at once took as long as without, interleaved.
 */
export async function up(knex) {
  if (isPostgres(knex)) return;
  await knex.raw("create index run_started on run (started_at) where started_at is not null");
  await knex.raw("create index run_completed on run (completed_at) where completed_at is not null");
}

export async function down(knex) {
  if (isPostgres(knex)) return;
  await knex.raw("drop index run_started");
  await knex.raw("drop index run_completed");
}

function isPostgres(knex) {
  return knex.client.config.client !== "sqlite" && knex.client.dialect !== "sqlite3";
}

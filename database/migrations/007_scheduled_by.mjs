/**
 * The step whose script asked for a stage, null where a call of flow.sh or anybody else did. A stage that a failure callback and then an ordinary call asked for stays when
 * its run is retried, and with it what its steps asked for. Processes of the version before leave it empty: what they store stays or goes by itself.
 */
export async function up(knex) {
  const postgres = knex.client.config.client !== "sqlite" && knex.client.dialect !== "sqlite3";
  await knex.raw(`alter table stage add column scheduled_by ${postgres ? "bigint" : "integer"}`);
}

export async function down(knex) {
  await knex.raw("alter table stage drop column scheduled_by");
}

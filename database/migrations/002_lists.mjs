/**
 * Lists of runs among a million of them. A page is read status by status (and flow by flow) in the order of an index, so the index by time alone goes, and each
 * creation and change of state writes one entry less. What can be filtered by is a row of its own: the text of each top-level value of a run's metadata, cut
 * at 200 characters (an index takes no more than 2,700 bytes); runs without metadata cost nothing.
 */
export async function up(knex) {
  const postgres = knex.client.config.client !== "sqlite" && knex.client.dialect !== "sqlite3";
  for (const statement of statements(postgres)) await knex.raw(statement);
}

export async function down(knex) {
  const list = [
    "drop table run_metadata",
    "drop index run_parent",
    "drop index run_flow_status",
    "create index run_created on run (created_at, id)",
    "create index run_flow on run (flow_name, created_at, id)",
  ];
  for (const statement of list) await knex.raw(statement);
}

function statements(postgres) {
  const uuid = postgres ? "uuid" : "text";
  const int8 = postgres ? "bigint" : "integer";
  return [
    "drop index run_created",
    "drop index run_flow",
    "create index run_flow_status on run (flow_name, status, created_at, id)",
    "create index run_parent on run_detail (parent_run_id) where parent_run_id is not null",
    `create table run_metadata (
      run_id ${uuid} not null${postgres ? "" : " references run (id) on delete cascade"},
      name text not null,
      value text not null,
      created_at ${int8} not null,
      flow_name text not null${postgres ? "" : ", primary key (run_id, name)"}
    )`,
    ...(postgres ? fillPostgres : fillSqlite),
    "create index run_metadata_value on run_metadata (name, value, created_at, run_id, flow_name)",
  ];
}

// The type json refuses to be read where a string holds an escaped NUL or half of a surrogate pair. knex takes a question mark for a parameter.
// Keys and references come after the rows: with 1,000,000 runs of three values each, kept up row by row they took minutes.
const fillPostgres = [
  String.raw`
  insert into run_metadata (run_id, name, value, created_at, flow_name)
  select r.id, left(m.key, 200), left(coalesce(m.value #>> '{}', m.value::text), 200), r.created_at, r.flow_name
    from run r
    join (select run_id, regexp_replace(metadata, '\\u(0000|d[89a-f][0-9a-f]{2})', '\\ufffd', 'g')::json as metadata
            from run_detail where metadata like '{"%' offset 0) d on d.run_id = r.id
   cross join lateral json_each(d.metadata) m`,
  "alter table run_metadata add primary key (run_id, name)",
  "alter table run_metadata add foreign key (run_id) references run (id) on delete cascade",
];

const fillSqlite = [
  String.raw`
  insert or ignore into run_metadata (run_id, name, value, created_at, flow_name)
  select r.id, substr(m.key, 1, 200),
         substr(case when m.type in ('true', 'false', 'null') then m.type when m.type = 'real' then d.metadata -> m.fullkey else cast(m.value as text) end, 1, 200),
         r.created_at, r.flow_name
    from run r
    join (select run_id, replace(metadata, '\u0000', '\ufffd') as metadata from run_detail where metadata like '{"%') d on d.run_id = r.id
   cross join json_each(d.metadata) m`,
];

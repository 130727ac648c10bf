-- About how many bytes these runs take, rows and indexes: what they hold, and 2,000 a run and 700 a step or call beside it (docs/scaling.md). Of a run's outputs the first thousand are looked at.
select coalesce(sum(
  2000 + pg_column_size(d.input) + pg_column_size(d.output) + pg_column_size(d.metadata) + coalesce(pg_column_size(d.error), 0)
  + 200 * (select count(*) from run_metadata m where m.run_id = r.id)
  + (select coalesce(sum(100 + pg_column_size(e.body)), 0) from event e where e.run_id = r.id)
  + (select coalesce(sum(150 + pg_column_size(l.message) + pg_column_size(l.metadata)), 0) from run_log l where l.run_id = r.id)
  + (select coalesce(sum(150 + pg_column_size(a.data)), 0) from artifact a where a.run_id = r.id)
  + g.things * (700 + coalesce((
      select sum(coalesce(pg_column_size(o.stdout) + pg_column_size(o.stderr) + 100, 0)) / count(distinct s.key)
        from (select key from step where run_id = r.id limit 1000) s left join step_output o on o.step_key = s.key), 0))
), 0)::bigint as "bytes"
from run r
join run_detail d on d.run_id = r.id
cross join lateral (select r.calls + coalesce(sum(t.total_steps), 0) as things from stage t where t.run_id = r.id) g
where r.id = any(:runIds::uuid[])

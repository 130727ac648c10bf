-- About how many bytes these runs take, rows and indexes: what they hold, and 2,000 a run and 700 a step or call beside it (docs/scaling.md). Of a run's outputs the first thousand are looked at.
select coalesce(sum(
  2000 + octet_length(d.input) + octet_length(d.output) + octet_length(d.metadata) + coalesce(octet_length(d.error), 0)
  + 200 * (select count(*) from run_metadata m where m.run_id = r.id)
  + (select coalesce(sum(100 + octet_length(e.body)), 0) from event e where e.run_id = r.id)
  + (select coalesce(sum(150 + octet_length(l.message) + octet_length(l.metadata)), 0) from run_log l where l.run_id = r.id)
  + (select coalesce(sum(150 + a.bytes), 0) from artifact a where a.run_id = r.id)
  + (r.calls + (select coalesce(sum(t.total_steps), 0) from stage t where t.run_id = r.id)) * (700 + coalesce((
      select sum(coalesce(octet_length(o.stdout) + octet_length(o.stderr) + 100, 0)) / count(distinct s.key)
        from (select key from step where run_id = r.id limit 1000) s left join step_output o on o.step_key = s.key), 0))
), 0) as "bytes"
from run r
join run_detail d on d.run_id = r.id
where r.id in (select value from json_each(:runIds))

-- About how many rows hang on a run; retention/candidates counts alike.
select (5 + 3 * r.calls + r.event_no + 4 * (select coalesce(sum(t.total_steps), 0) from stage t where t.run_id = r.id)
  + (select count(*) from (select 1 from run_log l where l.run_id = r.id limit 10000) l)
  + (select coalesce(sum(1 + a.bytes / 2000), 0) from artifact a where a.run_id = r.id))::bigint as "rows"
from run r where r.id = :runId::uuid

-- A run that is over has no open step, call or stage, no process, no word and no deadline.
with steps as (
  select run_id, count(*) as open from step where status in ('pending', 'running') group by run_id
), stages as (
  select run_id, count(*) as open from stage where status in ('pending', 'running') or open_steps > 0 group by run_id
)
select r.id as "runId", 'run' as noun, r.flow_name as id, r.status || ' with nothing open' as expected,
       'active ' || r.active || ', open_stages ' || r.open_stages || ', open_calls ' || r.open_calls || ', steps and calls open ' || coalesce(s.open, 0)
         || ', stages open ' || coalesce(t.open, 0) || case when r.deadline_at is null then '' else ', a deadline' end as found
  from run r left join steps s on s.run_id = r.id left join stages t on t.run_id = r.id
 where r.status in ('completed', 'failed', 'aborted')
   and (r.active > 0 or r.open_stages > 0 or r.open_calls > 0 or s.open > 0 or t.open > 0 or r.deadline_at is not null)
 limit :limit

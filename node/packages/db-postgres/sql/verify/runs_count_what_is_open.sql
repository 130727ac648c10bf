-- The counters of a run (active, open stages, open calls, calls ever made) are those of its rows. While it is being ended, open calls may be too great.
with steps as (
  select run_id, sum(case when status = 'running' then 1 else 0 end) as active, sum(case when kind = 'flow' then 1 else 0 end) as calls,
         sum(case when kind = 'flow' and superseded = 0 and status in ('pending', 'running') then 1 else 0 end) as open_calls
    from step group by run_id
), stages as (
  select run_id, count(*) as open_stages from stage where superseded = 0 and status in ('pending', 'running') group by run_id
)
select r.id::text as "runId", 'run' as noun, r.flow_name as id,
       'active ' || coalesce(s.active, 0) || ', open_stages ' || coalesce(t.open_stages, 0) || ', open_calls ' || coalesce(s.open_calls, 0)
         || ', calls ' || coalesce(s.calls, 0) as expected,
       'active ' || r.active || ', open_stages ' || r.open_stages || ', open_calls ' || r.open_calls || ', calls ' || r.calls as found
  from (select * from run where created_at >= 0) r left join steps s on s.run_id = r.id left join stages t on t.run_id = r.id
 where r.active <> coalesce(s.active, 0) or r.open_stages <> coalesce(t.open_stages, 0) or r.calls <> coalesce(s.calls, 0)
    or r.open_calls < coalesce(s.open_calls, 0)
    or (r.open_calls > coalesce(s.open_calls, 0) and coalesce(r.control, '') not in ('abort', 'fail'))
 limit :limit

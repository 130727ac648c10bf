-- The counters of a stage (total, open, failed) are those of its steps. While its run is being ended, open may be too great: it is set to 0 at the end.
with counted as (
  select s.stage_key, count(*) as total, sum(case when s.status in ('pending', 'running') then 1 else 0 end) as open,
         sum(case when s.status = 'failed' and not coalesce(o.allow_failure, false) then 1 else 0 end) as failed
    from step s left join step_option o on o.step_key = s.key
   where s.stage_key is not null
   group by s.stage_key
)
select t.run_id as "runId", 'stage' as noun, t.name as id,
       'total_steps ' || coalesce(c.total, 0) || ', open_steps ' || coalesce(c.open, 0) || ', failed_steps ' || coalesce(c.failed, 0) as expected,
       'total_steps ' || t.total_steps || ', open_steps ' || t.open_steps || ', failed_steps ' || t.failed_steps as found
  from stage t join run r on r.id = t.run_id and r.created_at >= 0 left join counted c on c.stage_key = t.key
 where t.total_steps <> coalesce(c.total, 0) or t.failed_steps <> coalesce(c.failed, 0) or t.open_steps < coalesce(c.open, 0)
    or (t.open_steps > coalesce(c.open, 0) and coalesce(r.control, '') not in ('abort', 'fail'))
 limit :limit

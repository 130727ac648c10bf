-- A completed stage has only steps that completed or were allowed to fail, a failed one has one that failed, a running or finished one has started
-- (one that ends without a start had nothing to run), and only failures are handled.
with counted as (
  select s.stage_key, sum(case when (s.status = 'completed' or (s.status = 'failed' and coalesce(o.allow_failure, false))) then 0 else 1 end) as unmet, sum(case when s.status = 'running' then 1 else 0 end) as running
    from step s left join step_option o on o.step_key = s.key
   where s.stage_key is not null
   group by s.stage_key
)
select t.run_id as "runId", 'stage' as noun, t.name as id,
       case when t.status = 'completed' then 'no step that did not complete'
            when t.status = 'failed' then 'a failed step'
            when t.handled then 'not handled, because it did not fail'
            else 'running, because a step of it has been claimed' end as expected,
       t.status || ', ' || t.failed_steps || ' failed, ' || coalesce(c.unmet, 0) || ' not satisfied, ' || coalesce(c.running, 0) || ' running'
         || case when t.handled then ', handled' else '' end as found
  from stage t left join counted c on c.stage_key = t.key
 where (t.status = 'completed' and coalesce(c.unmet, 0) > 0)
    or (t.status = 'failed' and t.failed_steps = 0)
    or (t.handled and t.status <> 'failed')
    or (t.status = 'running' and t.started_at is null)
    or (t.status <> 'running' and c.running > 0)
 limit :limit

-- A run's completed_stage, failed_stage, final_stage and final_completed are what its stages say.
with seen as (
  select t.run_id, sum(case when t.status = 'failed' and not t.handled then 1 else 0 end) as failed,
         sum(case when t.status = 'failed' and not t.handled and t.name = r.failed_stage then 1 else 0 end) as named_failed,
         sum(case when t.status = 'completed' then 1 else 0 end) as completed,
         sum(case when t.status = 'completed' and t.name = r.completed_stage then 1 else 0 end) as named_completed,
         sum(case when t.final and t.status <> 'failed' then 1 else 0 end) as finals,
         sum(case when t.final and t.status = 'completed' then 1 else 0 end) as final_completed
    from stage t join run r on r.id = t.run_id
   where t.superseded = 0
   group by t.run_id
)
select r.id as "runId", 'run' as noun, r.flow_name as id,
       'completed stages ' || coalesce(s.completed, 0) || ', failed and not handled ' || coalesce(s.failed, 0) || ', final ' || coalesce(s.finals, 0)
         || ', final completed ' || coalesce(s.final_completed, 0) as expected,
       'completed_stage ' || coalesce(r.completed_stage, 'null') || ', failed_stage ' || coalesce(r.failed_stage, 'null')
         || case when r.final_stage then ', final_stage' else '' end || case when r.final_completed then ', final_completed' else '' end as found
  from (select * from run where created_at >= 0) r left join seen s on s.run_id = r.id
 where (r.failed_stage is not null) <> (coalesce(s.failed, 0) > 0) or (r.failed_stage is not null and s.named_failed = 0)
    or (r.completed_stage is not null) <> (coalesce(s.completed, 0) > 0) or (r.completed_stage is not null and s.named_completed = 0)
    or r.final_stage <> (coalesce(s.finals, 0) > 0) or r.final_completed <> (coalesce(s.final_completed, 0) > 0)
 limit :limit

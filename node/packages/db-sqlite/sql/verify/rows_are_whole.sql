-- A run has its detail, a flow call has what it is told and no stage, a step has a stage.
select x.run_id as "runId", x.noun, x.id, x.expected, 'none' as found
  from (
    select r.id as run_id, 'run' as noun, r.flow_name as id, 'a row in run_detail' as expected
      from run r where r.created_at >= 0 and not exists (select 1 from run_detail d where d.run_id = r.id)
    union all
    select s.run_id, s.kind, s.id, 'a row in flow_call' from step s
     where s.kind = 'flow' and not exists (select 1 from flow_call c where c.step_key = s.key)
    union all
    select s.run_id, s.kind, s.id, case when s.kind = 'flow' then 'no stage_key' else 'a stage_key' end from step s
     where (s.kind = 'flow') <> (s.stage_key is null)
  ) x
 limit :limit

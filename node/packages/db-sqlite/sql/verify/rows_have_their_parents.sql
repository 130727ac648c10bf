-- Rows of tables without foreign keys belong to rows that are there, of the same run and stage.
select coalesce(x.run_id, '') as "runId", x.noun, x.id, 'its ' || x.parent as expected, 'none' as found
  from (
    select s.run_id as run_id, s.kind as noun, s.id, 'run' as parent from step s where not exists (select 1 from run r where r.id = s.run_id)
    union all
    select s.run_id, s.kind, s.id, 'stage' from step s left join stage t on t.key = s.stage_key
     where s.stage_key is not null and (t.key is null or t.run_id <> s.run_id)
    union all
    select s.run_id, s.kind, s.id, 'gate' from step s left join gate g on g.key = s.gate_key
     where s.gate_key is not null and (g.key is null or g.stage_key <> s.stage_key)
    union all
    select f.run_id, 'step_edge', e.from_key || ' → ' || e.to_key, 'steps, of one stage'
      from step_edge e left join step f on f.key = e.from_key left join step t on t.key = e.to_key
     where f.key is null or t.key is null or f.stage_key <> t.stage_key
    union all
    select t.run_id, 'gate_edge', e.gate_key || ' → ' || e.to_key, 'gate and step, of one stage'
      from gate_edge e left join gate g on g.key = e.gate_key left join step t on t.key = e.to_key
     where g.key is null or t.key is null or g.stage_key <> t.stage_key
    union all
    select null, 'attempt', a.step_key || '.' || a.attempt, 'step' from attempt a where not exists (select 1 from step s where s.key = a.step_key)
    union all
    select null, 'step_output', o.step_key || '.' || o.attempt, 'step' from step_output o where not exists (select 1 from step s where s.key = o.step_key)
    union all
    select null, 'step_field', f.step_key || '.' || f.name, 'step' from step_field f where not exists (select 1 from step s where s.key = f.step_key)
    union all
    select e.run_id, 'event', '' || e.no, 'run' from event e where not exists (select 1 from run r where r.id = e.run_id)
    union all
    select k.run_id, 'idempotency_key', k.key, 'run' from idempotency_key k where not exists (select 1 from run r where r.id = k.run_id)
  ) x
 limit :limit

-- What a retry brings back: steps that were aborted or cancelled and have no failure left that would be the reason, and flow calls that failed.
-- A failure is the reason, in a stage that fails fast, for every step of it; in another stage, for what depends on it ("barred").
-- Two kinds of flow calls stay as they are: those that were told of a failure, which was taken back, and those that a final stage cancelled when it completed, also if
-- that stage is open again.
with recursive barred(key) as (
  select f.key from stage t join step f on f.stage_key = t.key left join step_option p on p.step_key = f.key
   where t.run_id = :runId::uuid and t.superseded = 0 and not t.fail_fast and f.status = 'failed' and not coalesce(p.allow_failure, false)
  union
  select n.to_key
    from barred r join step s on s.key = r.key
   cross join lateral (select to_key from step_edge where from_key = s.key
                       union all select to_key from gate_edge where gate_key = s.gate_key) n
)
select s.key, s.id, s.kind, s.attempt
  from step s
  left join stage t on t.key = s.stage_key
  left join step_option o on o.step_key = s.key
  left join flow_call c on c.step_key = s.key
 where s.run_id = :runId::uuid and s.superseded = 0 and s.status in ('failed', 'aborted', 'cancelled')
   and not coalesce(t.handled, false)
   and not (s.status = 'failed' and coalesce(o.allow_failure, false))
   and not (s.kind = 'flow' and s.status = 'cancelled'
            and exists (select 1 from stage f where f.run_id = s.run_id and f.final and f.status in ('completed', 'running', 'pending') and f.superseded = 0))
   and (s.status = 'aborted' or coalesce(c.failed_stage, '') = '') and (s.kind = 'flow' or s.status <> 'failed')
   and s.key not in (select key from barred)
   and not exists (select 1 from step f left join step_option p on p.step_key = f.key
                    where t.fail_fast and f.stage_key = s.stage_key and f.status = 'failed' and not coalesce(p.allow_failure, false))
 order by s.key

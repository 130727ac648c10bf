-- As claim.describe tells of them once they are claimed, with what the claim needs.
-- "+:kind" and "+ 0": SQLite plans a statement anew each time a value is bound (50 to 90 µs) if its plan might depend on that: on a kind, which a partial index
-- names as well, or on a limit.
select s.key, s.attempt + 1 as attempt, s.kind, s.run_id as "runId", r.flow_name as "flowName", s.id, s.name, coalesce(t.name, '') as "stageName",
       s.stage_key as "stageKey", s.sequence, coalesce(o.env, '{}') as env, o.timeout_ms as "timeoutMs",
       coalesce(c.completed_stage, '') as "completedStage", coalesce(c.failed_stage, '') as "failedStage", r.control, t.status as "stageStatus",
       max(0, now_ms() - coalesce(s.ready_at, s.created_at)) as "waitedMs", s.claim_no as "claimNo"
  from step s
  join run r on r.id = s.run_id
  left join stage t on t.key = s.stage_key
  left join step_option o on o.step_key = s.key
  left join flow_call c on c.step_key = s.key
 where s.claim_no is not null and s.kind = +:kind and r.control is null
 order by s.priority desc, s.claim_no
 limit :limit + 0

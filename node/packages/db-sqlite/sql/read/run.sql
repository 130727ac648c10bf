-- As read.runs for a single one: PostgreSQL has it apart, because it plans a list anew each time.
select
  r.id, r.flow_name as "flowName", r.status, r.priority,
  r.created_at as "createdAt", r.started_at as "startedAt", r.completed_at as "completedAt",
  coalesce(r.completed_at, now_ms()) - r.started_at as "durationMs",
  d.input, d.output, d.error, d.metadata, d.name, d.description,
  d.flow_title as "flowTitle", d.termination_reason as "terminationReason", d.timeout_ms as "timeoutMs",
  d.parent_run_id as "parentRunId", d.retry_of as "retryOf"
from run r
join run_detail d on d.run_id = r.id
where r.id = :id

-- In the order of the ids, as many as hold :bytes of JSON, and the first in any case. The lengths are found without reading the texts.
select
  r.id, r.flow_name as "flowName", r.status, r.priority,
  r.created_at as "createdAt", r.started_at as "startedAt", r.completed_at as "completedAt",
  coalesce(r.completed_at, now_ms()) - r.started_at as "durationMs",
  d.input, d.output, d.error, d.metadata, d.name, d.description,
  d.flow_title as "flowTitle", d.termination_reason as "terminationReason", d.timeout_ms as "timeoutMs",
  d.parent_run_id as "parentRunId", d.retry_of as "retryOf"
from (
  select m.id, m.no, m.bytes, sum(m.bytes) over (order by m.no) as "upTo"
  from (
    select u.id, u.no, octet_length(d.input) + octet_length(d.output) + octet_length(d.metadata) + coalesce(octet_length(d.error), 0) as bytes
    from (select value as id, key as no from json_each(:ids)) u
    join run_detail d on d.run_id = u.id
  ) m
) p
cross join run r on r.id = p.id
cross join run_detail d on d.run_id = p.id
where p."upTo" <= :bytes or p."upTo" = p.bytes
order by p.no

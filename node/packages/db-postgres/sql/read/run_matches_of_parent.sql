-- Children that fit, for an estimate, whatever their states.
select 1
from run_detail p
join run r on r.id = p.run_id
where
  p.parent_run_id = :parentRunId::uuid
  and (:flowName::text is null or r.flow_name = :flowName::text)
  and (:createdAfter::bigint is null or r.created_at > :createdAfter::bigint)
  and (:createdBefore::bigint is null or r.created_at < :createdBefore::bigint)

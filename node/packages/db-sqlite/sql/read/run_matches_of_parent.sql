-- Children that fit, for an estimate, whatever their states.
select 1
from run_detail p
cross join run r on r.id = p.run_id
where
  p.parent_run_id = :parentRunId
  and (:flowName is null or r.flow_name = :flowName)
  and (:createdAfter is null or r.created_at > :createdAfter)
  and (:createdBefore is null or r.created_at < :createdBefore)

-- Runs that fit, for an estimate; of several values the first, and whatever their states.
select 1
from run_metadata m
where
  m.name = :metadataName and m.value = :metadataValue
  and (:flowName is null or m.flow_name = :flowName)
  and (:createdAfter is null or m.created_at > :createdAfter)
  and (:createdBefore is null or m.created_at < :createdBefore)

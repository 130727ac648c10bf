-- Runs that fit, for an estimate; of several values the first, and whatever their states. Never run: the planner is asked how many it expects.
select 1
from run_metadata m
where
  m.name = :metadataName and m.value = :metadataValue
  and (:flowName::text is null or m.flow_name = :flowName::text)
  and (:createdAfter::bigint is null or m.created_at > :createdAfter::bigint)
  and (:createdBefore::bigint is null or m.created_at < :createdBefore::bigint)

-- Runs that fit, for an estimate: never run, the planner is asked how many it expects.
select 1
from run r
where
  (:flowName::text is null or r.flow_name = :flowName::text)
  and (:status::text[] is null or r.status = any(:status::text[]))
  and (:createdAfter::bigint is null or r.created_at > :createdAfter::bigint)
  and (:createdBefore::bigint is null or r.created_at < :createdBefore::bigint)

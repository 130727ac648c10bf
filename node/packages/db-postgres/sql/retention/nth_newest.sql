-- The newest finished run of a flow that has :keep newer ones. Entries of the index alone, status by status, then merged.
select p.created_at as "createdAt", p.id
from unnest(array['completed', 'failed', 'aborted']) as s(status)
cross join lateral (
  select r.created_at, r.id
    from run r
   where r.flow_name = :flowName and r.status = s.status and r.created_at >= 0
   order by r.created_at desc, r.id desc
   limit :keep::bigint + 1) p
order by p.created_at desc, p.id desc
limit 1 offset :keep::bigint

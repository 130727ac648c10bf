-- Keys are handed out in schedule order. Stage by stage, so that the index (stage_key, key) gives each page without sorting a whole run.
-- A run without its row in run_detail is being removed: nothing of it is seen.
select p.key
from stage g
cross join lateral (
  select s.key
  from step s
  where s.stage_key = g.key and s.key > :afterKey::bigint
    and (:status::text[] is null or s.status = any(:status::text[]))
    and (:name::text is null or s.name = :name::text)
  order by s.key
  limit :limit::bigint + :offset::bigint
) p
where g.run_id = :runId::uuid and exists (select 1 from run_detail d where d.run_id = :runId::uuid) and (:stage::text is null or g.name = :stage::text)
order by p.key
limit :limit::bigint offset :offset::bigint

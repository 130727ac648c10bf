-- Keys are handed out in schedule order, so stage by stage is the order of keys.
-- A run without its row in run_detail is being removed: nothing of it is seen.
select s.key
from step s
where s.stage_key in (select key from stage where run_id = :runId and (:stage is null or name = :stage))
  and exists (select 1 from run_detail d where d.run_id = :runId)
  and s.key > :afterKey
  and (:status is null or s.status in (select value from json_each(:status)))
  and (:name is null or s.name = :name)
order by s.stage_key, s.key
limit :limit offset :offset

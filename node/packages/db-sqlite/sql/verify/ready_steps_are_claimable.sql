-- In a run without a word, a step that waits for nothing has a claim number, unless its stage has no place left under its max_parallel.
with used as (
  select stage_key, count(*) as places from step where stage_key is not null and (status = 'running' or claim_no is not null) group by stage_key
)
select s.run_id as "runId", s.kind as noun, s.id, 'a claim_no' as expected,
       'none, with ' || coalesce(u.places, 0) || ' of ' || coalesce('' || t.max_parallel, 'unlimited') || ' places of its stage taken' as found
  from step s join stage t on t.key = s.stage_key join run r on r.id = s.run_id left join used u on u.stage_key = s.stage_key
 where s.status = 'pending' and s.deps_remaining = 0 and s.claim_no is null and s.due_at is null and s.superseded = 0
   and r.control is null and r.status in ('pending', 'running') and t.status in ('pending', 'running')
   and (t.max_parallel is null or coalesce(u.places, 0) < t.max_parallel)
 limit :limit

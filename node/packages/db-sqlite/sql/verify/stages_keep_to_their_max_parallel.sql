-- A stage with max_parallel has no more steps running or claimable than that, and counts them right while its run has no word.
with used as (
  select stage_key, count(*) as places from step where stage_key is not null and (status = 'running' or claim_no is not null) group by stage_key
)
select t.run_id as "runId", 'stage' as noun, t.name as id,
       'occupied ' || coalesce(u.places, 0) || ', at most ' || t.max_parallel as expected, 'occupied ' || t.occupied as found
  from stage t join run r on r.id = t.run_id left join used u on u.stage_key = t.key
 where t.max_parallel is not null and t.status in ('pending', 'running')
   and (coalesce(u.places, 0) > t.max_parallel
        or (r.control is null and not (t.fail_fast and t.failed_steps > 0) and t.occupied <> coalesce(u.places, 0)))
 limit :limit

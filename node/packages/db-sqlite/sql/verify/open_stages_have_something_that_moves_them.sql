-- An open stage of a run without a word has a step that runs, can be claimed, or waits for its time: else it stays open for ever.
with moving as (
  select stage_key from step where stage_key is not null and (status = 'running' or claim_no is not null or due_at is not null) group by stage_key
)
select t.run_id as "runId", 'stage' as noun, t.name as id, 'a step that is running, claimable or due' as expected,
       'none, ' || t.open_steps || ' of ' || t.total_steps || ' steps open' as found
  from stage t join run r on r.id = t.run_id left join moving m on m.stage_key = t.key
 where t.superseded = 0 and t.status in ('pending', 'running') and r.control is null and r.status in ('pending', 'running') and m.stage_key is null
 limit :limit

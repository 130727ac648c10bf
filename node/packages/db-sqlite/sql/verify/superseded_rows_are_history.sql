-- What a retry of the run has made history is over, together with its stage.
select s.run_id as "runId", s.kind as noun, s.id, 'over, superseded as its stage is' as expected,
       s.status || ', superseded ' || s.superseded || coalesce(', stage ' || t.superseded, '') as found
  from step s left join stage t on t.key = s.stage_key
 where (s.superseded > 0 and s.status in ('pending', 'running')) or s.superseded <> coalesce(t.superseded, s.superseded)
union all
select t.run_id, 'stage', t.name, 'over', t.status || ', superseded ' || t.superseded
  from stage t
 where t.superseded > 0 and t.status in ('pending', 'running')
 limit :limit

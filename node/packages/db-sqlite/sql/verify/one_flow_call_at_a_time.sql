-- Of the flow calls of a run at most one is running or claimable.
select s.run_id as "runId", 'run' as noun, 'flow' as id, 'at most 1 call running or claimable' as expected,
       count(*) || ': ' || min(s.id) || ' to ' || max(s.id) as found
  from step s
 where s.kind = 'flow' and (s.status = 'running' or s.claim_no is not null)
 group by s.run_id having count(*) > 1
 limit :limit

-- What can be claimed, or waits for its time, is pending, is not history, and belongs to a run and a stage that are not over.
-- (Rows of a run under a word may still be claimable: the sweep that follows the word takes them out, and claims pass them by.)
select s.run_id as "runId", s.kind as noun, s.id, 'neither claim_no nor due_at' as expected,
       coalesce('claim_no ' || s.claim_no, 'due_at ' || s.due_at) || ', ' || s.status || case when s.superseded > 0 then ', superseded' else '' end
         || ', run ' || coalesce(r.status, 'gone') || coalesce(', stage ' || t.status, '') as found
  from step s left join run r on r.id = s.run_id left join stage t on t.key = s.stage_key
 where (s.claim_no is not null or s.due_at is not null)
   and (s.status <> 'pending' or s.superseded > 0 or s.deps_remaining > 0 or coalesce(r.status, '') not in ('pending', 'running', 'paused')
        or t.status not in ('pending', 'running'))
 limit :limit

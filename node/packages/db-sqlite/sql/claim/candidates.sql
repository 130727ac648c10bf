select s.key, s.kind, s.run_id as "runId", s.claim_no as "claimNo"
  from step s join run r on r.id = s.run_id
 where s.claim_no is not null and s.kind = :kind and r.control is null
   and exists (select 1 from worker where key = :workerKey and status = 'live' and round <= :round)
 order by s.priority desc, s.claim_no
 limit :limit

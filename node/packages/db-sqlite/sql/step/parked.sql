-- Ready and without a number, in the order in which they may go on; a partial index of exactly these.
select key, kind, priority from step
 where stage_key = :stageKey and status = 'pending' and deps_remaining = 0 and claim_no is null and due_at is null
 order by priority desc, key
 limit :limit + 0

-- As lock_steps, but no more than so many, in the order of an index.
select key from step where run_id = :runId::uuid order by run_id, id, superseded limit :limit for update

-- Waits for those who write to a step (they lock it), so that nothing of theirs is left behind.
select key from step where run_id = any(:runIds::uuid[]) order by key for update

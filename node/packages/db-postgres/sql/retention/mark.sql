-- Before all time, where no list looks; the index run_status finds it there.
update run set created_at = -1 where id = :runId::uuid

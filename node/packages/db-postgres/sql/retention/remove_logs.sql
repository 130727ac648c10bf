delete from run_log where no in (select no from run_log where run_id = :runId::uuid limit :limit)

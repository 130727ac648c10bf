select distinct s.run_id as "runId", r.control as word from step s join run r on r.id = s.run_id where s.worker_key = :workerKey and r.control is not null

select key, run_id as "runId" from step where key in (select value from json_each(:keys)) and worker_key = :workerKey

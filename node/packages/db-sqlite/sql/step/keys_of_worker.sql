select key from step where worker_key = :workerKey order by key

update step set worker_key = :to, ran_by = :to where worker_key = :from

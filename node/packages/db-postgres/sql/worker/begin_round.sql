update worker set round = greatest(round, :round::bigint) where key = :workerKey

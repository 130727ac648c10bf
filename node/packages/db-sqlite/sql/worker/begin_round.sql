update worker set round = max(round, :round) where key = :workerKey

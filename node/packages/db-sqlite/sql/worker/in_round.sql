select key from worker where key = :workerKey and round <= :round

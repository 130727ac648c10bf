-- Shared, so that a new round begins before or after, never between.
select key from worker where key = :workerKey and round <= :round for key share

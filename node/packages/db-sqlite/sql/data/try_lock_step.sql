select key, run_id as "runId", status, attempt
from step
where key = :key

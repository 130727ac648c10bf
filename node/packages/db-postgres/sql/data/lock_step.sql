select key, run_id as "runId", status, attempt, superseded
from step
where key = :key
for no key update

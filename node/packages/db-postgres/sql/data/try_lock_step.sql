-- Who holds the lock of one step never waits for that of another: a claim may hold that one and wait for the run, which waits for this one.
select key, run_id as "runId", status, attempt
from step
where key = :key
for no key update skip locked

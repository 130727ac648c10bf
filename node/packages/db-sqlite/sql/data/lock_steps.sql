select key, run_id as "runId", status, attempt
from step
where key in (select value from json_each(:keys))
order by key

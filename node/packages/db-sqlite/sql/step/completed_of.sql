select id from step where run_id = :runId and id in (select value from json_each(:ids)) and superseded = 0 and status = 'completed'

update step
   set status = 'running', worker_key = :workerKey, ran_by = :workerKey, attempt = attempt + 1, claim_no = null, claimed_at = now_ms(),
       started_at = case when key in (select value from json_each(:started)) then now_ms() end
 where key in (select value from json_each(:keys)) and status = 'pending'

update stage set status = 'running', started_at = coalesce(started_at, now_ms())
 where key in (select value from json_each(:stageKeys)) and status = 'pending'

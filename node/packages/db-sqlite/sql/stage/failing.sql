select key from stage where key in (select value from json_each(:stageKeys)) and fail_fast and failed_steps > 0

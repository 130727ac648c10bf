delete from step_output where step_key in (select value from json_each(:keys))

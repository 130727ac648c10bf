delete from attempt where step_key in (select value from json_each(:keys))

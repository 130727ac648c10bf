delete from step_field where step_key in (select value from json_each(:keys))

-- Takes step_option and flow_call with it.
delete from step where key in (select value from json_each(:keys))

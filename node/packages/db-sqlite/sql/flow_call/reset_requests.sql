-- Calls that will be made again start with a clean slate; what their earlier attempts stored stays, and a repeat of it is accepted.
update flow_call set accepted = 0, refusal = null where step_key in (select value from json_each(:keys))

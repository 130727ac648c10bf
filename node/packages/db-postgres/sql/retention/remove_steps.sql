-- Takes step_option and flow_call with it.
delete from step where key = any(:keys::bigint[])

-- Calls that will be made again start with a clean slate; what their earlier attempts stored stays, and a repeat of it is accepted.
update flow_call set accepted = false, refusal = null where step_key = any(:keys::bigint[])

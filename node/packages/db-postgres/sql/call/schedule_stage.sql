-- The function is in function/schedule_stage.sql; a connection makes it before its first call.
select pg_temp.schedule_stage(:runId::uuid, :plan::json, :key::bigint, :attempt::int) as numbered

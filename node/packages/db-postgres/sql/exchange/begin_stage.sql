-- The function is in function/begin_stage.sql; the hot connection makes it when it opens.
select pg_temp.begin_stage(:workerKey::bigint, :round::bigint, :runId::uuid, :plan::json, :key::bigint, :attempt::int) as answer

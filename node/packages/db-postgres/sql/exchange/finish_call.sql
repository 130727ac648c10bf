-- The function is in function/finish_call.sql; the hot connection makes it when it opens.
select pg_temp.finish_call(:workerKey::bigint, :round::bigint, :call::json, :plan::json, :outputs::json, :freeSteps::int, :aheadSteps::int, :freeCalls::int) as answer

-- The function is in function/finish_stage.sql; the hot connection makes it when it opens.
select pg_temp.finish_stage(:workerKey::bigint, :round::bigint, :key::bigint, :attempt::int, :duration::bigint, :cpu::int, :rss::bigint, :stage::bigint, :run::uuid,
                            :call::json, :outputs::json, :freeSteps::int, :aheadSteps::int, :freeCalls::int) as answer

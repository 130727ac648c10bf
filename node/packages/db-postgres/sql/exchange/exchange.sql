-- The function is in function/exchange.sql; the hot connection makes it when it opens.
select pg_temp.exchange(:workerKey::bigint, :round::bigint, :keys::bigint[], :attempts::int[], :durations::bigint[], :cpu::int[], :rss::bigint[], :stages::bigint[],
                        :stageKeys::bigint[], :stageCounts::int[], :runIds::uuid[], :calls::json, :plans::json, :started::bigint[], :outputs::json, :fields::json, :freeSteps::int, :aheadSteps::int, :freeCalls::int,
                        :lookForSteps::boolean, :lookForCalls::boolean, :floorPriority::int, :floor::bigint) as answer

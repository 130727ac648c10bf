-- The function is in function/exchange.sql; the hot connection makes it when it opens.
select tasks, array_to_json("left") as "left", array_to_json(stale) as stale, controls, array_to_json(failing) as failing,
       array_to_json(changed) as changed, numbered, passed,
       case when numbered > 0 then (select count(*) from worker where status = 'live') else 0 end as workers
  from pg_temp.exchange(:workerKey::bigint, :round::bigint, :keys::bigint[], :attempts::int[], :stages::bigint[], :durations::bigint[], :cpu::int[], :rss::bigint[],
                        :runIds::uuid[], :outputs::json, :fields::json, :freeSteps::int, :aheadSteps::int, :freeCalls::int)

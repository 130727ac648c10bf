-- The function is in function/finish_step.sql; the hot connection makes it when it opens.
select pg_temp.finish_step(:workerKey::bigint, :round::bigint, :key::bigint, :attempt::int, :duration::bigint, :cpu::int, :rss::bigint, :stage::bigint, :run::uuid,
                           :stdout::text, :stderr::text, :stdoutBytes::bigint, :stderrBytes::bigint, :stdoutTruncated::boolean, :stderrTruncated::boolean,
                           :freeSteps::int, :aheadSteps::int, :freeCalls::int) as answer

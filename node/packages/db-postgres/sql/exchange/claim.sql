-- The function is in function/claim.sql; the hot connection makes it when it opens.
select pg_temp.claim(:workerKey::bigint, :round::bigint, :freeSteps::int, :aheadSteps::int, :freeCalls::int, :lookForSteps::boolean, :lookForCalls::boolean,
                     :floorPriority::int, :floor::bigint) as answer

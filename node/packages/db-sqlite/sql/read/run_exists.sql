select 1 as "found" from run where id = :runId

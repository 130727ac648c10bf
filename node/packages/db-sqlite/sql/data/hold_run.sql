select id, status from run where id = :runId

select id from run where id = :runId and created_at < 0

select r.id, r.status from run r join run_detail d on d.run_id = r.id where r.id = :runId

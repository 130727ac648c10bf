select deadline_at as "deadlineAt" from run where id = :runId::uuid

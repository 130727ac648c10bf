select id as "runId" from run where deadline_at is not null and deadline_at <= now_ms() order by deadline_at limit :limit

update run set deadline_at = now_ms() + (select timeout_ms from run_detail where run_id = :runId::uuid) where id = :runId::uuid

select run_id as "runId", body_hash as "bodyHash" from idempotency_key where key = :key

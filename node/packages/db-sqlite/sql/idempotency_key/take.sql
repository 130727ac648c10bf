-- Waits for another transaction that takes the same key, then finds it taken.
insert into idempotency_key (key, body_hash, run_id, created_at)
values (:key, :bodyHash, :runId, now_ms())
on conflict (key) do nothing

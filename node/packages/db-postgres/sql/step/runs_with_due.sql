select run_id as "runId" from step where due_at is not null and due_at <= now_ms() group by run_id limit :limit

-- One writer at a time, so the next number is simply the greatest plus one; commit order again.
insert into event (run_id, no, at, body)
values (:runId, coalesce((select max(no) from event where run_id = :runId), 0) + 1, now_ms(), :body)

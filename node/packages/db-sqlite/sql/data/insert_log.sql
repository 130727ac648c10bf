insert into run_log (run_id, level, message, entity_type, entity_id, metadata, created_at)
values (:runId, :level, :message, :entityType, :entityId, :metadata, now_ms())
returning no as "id", created_at as "createdAt"

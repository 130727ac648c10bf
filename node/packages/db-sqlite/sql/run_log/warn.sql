insert into run_log (run_id, level, message, entity_type, entity_id, metadata, created_at)
values (:runId, 'warn', :message, :entityType, :entityId, 'null', now_ms())

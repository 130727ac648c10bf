insert into run_detail (run_id, input, metadata, name, description, flow_title, timeout_ms, parent_run_id, retry_of)
values (:runId, :input, :metadata, :name, :description, :flowTitle, :timeoutMs, :parentRunId, :retryOf)

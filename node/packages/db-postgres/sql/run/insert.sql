insert into run (id, flow_name, status, priority, created_at, deadline_at)
values (:runId::uuid, :flowName, 'pending', :priority, now_ms(), now_ms() + :timeoutMs::bigint)

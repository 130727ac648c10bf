-- The function is in function/create_run.sql; a connection makes it before its first call.
select pg_temp.create_run(:runId::uuid, :flowName, :priority::int, :input, :metadata, :metadataRows::json, :name, :description, :flowTitle, :timeoutMs::bigint,
                          :parentRunId::uuid) as "createdAt"

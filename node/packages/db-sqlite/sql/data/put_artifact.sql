insert into artifact as a (run_id, name, data, version, bytes, created_at, updated_at)
values (:runId, :name, :data, 1, :bytes, now_ms(), now_ms())
on conflict (run_id, name) do update
set data = excluded.data, bytes = excluded.bytes, version = a.version + 1, updated_at = excluded.updated_at
returning version, created_at as "createdAt", updated_at as "updatedAt"

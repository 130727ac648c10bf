insert into worker (id, host, boot_id, pid, pid_started_at, role, slots, launcher, containment, mark, version, lease_ms, registered_at, renewed_at)
values (:id, :host, :bootId, :pid, :pidStartedAt, :role, :slots, :launcher, :containment, :mark, :version, :leaseMs, now_ms(), now_ms())
returning key

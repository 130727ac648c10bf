-- Lost registrations are shown until the same worker has registered again.
select
  w.id, w.host, w.pid, w.role, w.slots, w.launcher, w.containment, w.version, w.status,
  w.registered_at as "registeredAt", w.renewed_at as "lastHeartbeatAt",
  (select count(*) from step s where s.worker_key = w.key) as "running"
from worker w
where w.status in ('live', 'draining')
  or (w.status = 'lost' and not exists (select 1 from worker n where n.id = w.id and n.key > w.key))
order by w.id, w.key

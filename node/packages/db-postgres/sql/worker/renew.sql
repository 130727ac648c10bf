-- The one statement that an idle worker sends: it renews, and looks for all that time or others may have brought. Nothing in it reads more than an index's first entry,
-- the worker's own tasks and the other workers.
update worker
   set renewals = renewals + 1, renewed_at = now_ms()
 where key = :workerKey and status in ('live', 'draining')
returning
  (select json_agg(json_build_object('runId', c.run_id, 'word', c.control))
     from (select distinct s.run_id, r.control from step s join run r on r.id = s.run_id where s.worker_key = :workerKey and r.control is not null) c) as controls,
  (select json_agg(json_build_object('workerKey', w.key, 'id', w.id, 'host', w.host, 'bootId', w.boot_id, 'pid', w.pid, 'pidStartedAt', w.pid_started_at,
                                     'mark', w.mark, 'renewals', w.renewals, 'leaseMs', w.lease_ms) order by w.key)
     from worker w where w.status in ('live', 'draining') and w.key <> :workerKey) as others,
  least((select min(due_at) from step where due_at is not null), (select min(deadline_at) from run where deadline_at is not null)) - now_ms() as "inMs",
  exists (select 1 from run where control in ('abort', 'fail'))
    or exists (select 1 from step s join worker w on w.key = s.worker_key where w.status in ('lost', 'retired')) as "unfinished",
  exists (select 1 from step where claim_no is not null) as "work",
  case when :echo::text is not null then pg_notify('maxq', :echo::text)::text end as "echo"

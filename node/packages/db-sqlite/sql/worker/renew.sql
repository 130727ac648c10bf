-- The one statement that an idle worker sends: it renews, and looks for all that time or others may have brought.
update worker
   set renewals = renewals + 1, renewed_at = now_ms()
 where key = :workerKey and status in ('live', 'draining')
returning
  (select json_group_array(json_object('runId', c.run_id, 'word', c.control))
     from (select distinct s.run_id, r.control from step s join run r on r.id = s.run_id where s.worker_key = :workerKey and r.control is not null) c) as controls,
  (select json_group_array(json_object('workerKey', w.key, 'id', w.id, 'host', w.host, 'bootId', w.boot_id, 'pid', w.pid, 'pidStartedAt', w.pid_started_at,
                                       'mark', w.mark, 'renewals', w.renewals, 'leaseMs', w.lease_ms))
     from (select * from worker where status in ('live', 'draining') and key <> :workerKey order by key) w) as others,
  (select min(at) from (select min(due_at) as at from step where due_at is not null
                             union all select min(deadline_at) from run where deadline_at is not null)) - now_ms() as "inMs",
  exists (select 1 from run where control in ('abort', 'fail'))
    or exists (select 1 from step s join worker w on w.key = s.worker_key where w.status in ('lost', 'retired')) as "unfinished",
  exists (select 1 from step where claim_no is not null) as "work"

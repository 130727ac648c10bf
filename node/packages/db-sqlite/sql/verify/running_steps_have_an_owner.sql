-- What runs is owned by a registered worker, the one that its attempt names; if that worker is lost or retired, a live one gives the row back within a lease.
select s.run_id as "runId", s.kind as noun, s.id, 'owned by a worker that is live or draining' as expected,
       'worker ' || s.worker_key || coalesce(' (' || w.id || ', ' || w.status || ')', ', which is not registered')
         || case when coalesce(s.ran_by, -1) <> s.worker_key then ', attempt of worker ' || coalesce('' || s.ran_by, 'none') else '' end as found
  from step s left join worker w on w.key = s.worker_key
 where s.worker_key is not null
   and (w.key is null or coalesce(s.ran_by, -1) <> s.worker_key
        or (w.status in ('lost', 'retired') and s.claimed_at + w.lease_ms < now_ms()
            and exists (select 1 from worker l where l.status = 'live' and l.renewed_at + l.lease_ms >= now_ms() and l.registered_at + w.lease_ms < now_ms())))
 limit :limit

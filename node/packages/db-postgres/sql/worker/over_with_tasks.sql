select distinct w.key from step s join worker w on w.key = s.worker_key where w.status in ('lost', 'retired')

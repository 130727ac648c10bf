-- Who owns tasks of runs that are being ended.
select distinct s.worker_key as key from step s join run r on r.id = s.run_id
 where s.worker_key is not null and r.control in ('abort', 'fail')

-- A pending step has no times of a claim or start, a running one was claimed, one whose process has ended was started; each of these is an attempt.
select s.run_id as "runId", s.kind as noun, s.id,
       case when s.status = 'pending' then 'neither claimed_at nor started_at'
            when s.status = 'running' then 'an attempt and claimed_at' else 'an attempt and started_at' end as expected,
       s.status || ', attempt ' || s.attempt || case when s.claimed_at is null then '' else ', claimed_at' end
         || case when s.started_at is null then '' else ', started_at' end as found
  from step s
 where (s.status = 'pending' and (s.claimed_at is not null or s.started_at is not null))
    or (s.status = 'running' and (s.attempt < 1 or s.claimed_at is null))
    or (s.status in ('completed', 'failed', 'aborted') and (s.attempt < 1 or s.started_at is null))
 limit :limit

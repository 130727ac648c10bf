-- A step has been made again after its own failures at most max_retries times, after the loss of its worker at most so many times, and each is an attempt.
select s.run_id as "runId", s.kind as noun, s.id,
       'failures at most ' || s.max_retries || ', losses at most ' || :maxLosses || ', attempt at least their sum' as expected,
       'failures ' || s.failures || ', losses ' || s.losses || ', attempt ' || s.attempt as found
  from step s
 where s.failures > s.max_retries or s.losses > :maxLosses or s.attempt < s.failures + s.losses
 limit :limit

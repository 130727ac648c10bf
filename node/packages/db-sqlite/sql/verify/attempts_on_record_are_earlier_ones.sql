-- The last attempt is on the step itself: no attempt on record is later, or the same unless the step is to be made again or was cancelled then.
select s.run_id as "runId", s.kind as noun, s.id, 'attempts on record before attempt ' || s.attempt as expected,
       'attempt ' || a.attempt || ' on record (' || a.status || '), step ' || s.status as found
  from attempt a join step s on s.key = a.step_key
 where a.attempt > s.attempt or (a.attempt = s.attempt and s.status not in ('pending', 'cancelled'))
 limit :limit

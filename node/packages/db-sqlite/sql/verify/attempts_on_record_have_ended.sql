-- At most one attempt of a step is open, the one on the step itself: those on record have ended.
select s.run_id as "runId", s.kind as noun, s.id, 'attempt ' || a.attempt || ' ended' as expected,
       a.status || case when a.completed_at is null then ', no completed_at' else '' end as found
  from attempt a join step s on s.key = a.step_key
 where a.completed_at is null or a.status not in ('completed', 'failed', 'cancelled', 'aborted')
 limit :limit

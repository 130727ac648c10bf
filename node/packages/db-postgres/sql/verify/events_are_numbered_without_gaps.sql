-- The events of a run are numbered from 1 without gaps, and the run's row holds the last number.
with told as (
  select run_id, count(*) as n, max(no) as last from event group by run_id
)
select r.id::text as "runId", 'run' as noun, r.flow_name as id, 'event_no ' || r.event_no || ', as many events, the last of that number' as expected,
       coalesce(t.n, 0) || ' events, the last ' || coalesce(t.last, 0) as found
  from (select * from run where created_at >= 0) r left join told t on t.run_id = r.id
 where coalesce(t.n, 0) <> coalesce(t.last, 0) or coalesce(t.last, 0) <> r.event_no or coalesce(t.n, 0) = 0
 limit :limit

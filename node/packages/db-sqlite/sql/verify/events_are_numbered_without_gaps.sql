-- The events of a run are numbered from 1 without gaps. (Here the next number comes from the events; the run's row keeps none.)
with told as (
  select run_id, count(*) as n, max(no) as last from event group by run_id
)
select r.id as "runId", 'run' as noun, r.flow_name as id, 'as many events as the last number says' as expected,
       coalesce(t.n, 0) || ' events, the last ' || coalesce(t.last, 0) as found
  from (select * from run where created_at >= 0) r left join told t on t.run_id = r.id
 where coalesce(t.n, 0) <> coalesce(t.last, 0) or coalesce(t.n, 0) = 0
 limit :limit

-- In the stream of a run, which is its commit order whatever the clock does, no flow call starts before the one that ran has ended.
with change as (
  select e.run_id, e.no * 4294967296 + c.key as at, c.value ->> '$.type' as noun, c.value -> '$.data' as data
    from event e, json_each(e.body) c
   where c.value ->> '$.type' in ('flow')
), told as (
  select run_id, at, data ->> '$.id' as id, data ->> '$.status' as status from change where data ->> '$.status' is not null
), moved as (
  select run_id, at, id, case when status = 'running' then 1 else 0 end
           - case when lag(status) over (partition by run_id, id order by at) = 'running' then 1 else 0 end as delta
    from told
), open as (
  select run_id, at, id, delta, sum(delta) over (partition by run_id order by at) as calls from moved
)
select run_id as "runId", 'flow' as noun, id, 'alone' as expected, 'one of ' || calls || ' calls at once, in event ' || (at / 4294967296) as found
  from open where calls > 1 and delta > 0
 limit :limit

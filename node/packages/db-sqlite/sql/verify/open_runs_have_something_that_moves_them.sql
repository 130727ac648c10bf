-- A run that is open and has no word has a process, or a row that can be claimed or waits for its time; if a call waits, one of its calls does.
with moving as (
  select run_id, count(*) as things, sum(case when kind = 'flow' then 1 else 0 end) as calls
    from step where status = 'running' or claim_no is not null or due_at is not null group by run_id
)
select r.id as "runId", 'run' as noun, r.flow_name as id,
       case when coalesce(m.things, 0) = 0 then 'a step or call that is running, claimable or due' else 'a call that is running or claimable' end as expected,
       'none, open_stages ' || r.open_stages || ', open_calls ' || r.open_calls as found
  from run r left join moving m on m.run_id = r.id
 where r.control is null and r.status in ('pending', 'running')
   and (coalesce(m.things, 0) = 0 or (r.open_calls > 0 and m.calls = 0))
 limit :limit

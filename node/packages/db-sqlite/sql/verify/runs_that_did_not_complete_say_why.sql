-- A run that failed or was aborted keeps the first reason; one that completed keeps none.
select r.id as "runId", 'run' as noun, r.flow_name as id,
       case when r.status = 'completed' then 'no error' else 'an error and a termination reason' end as expected,
       r.status || ', error ' || coalesce(d.error, 'null') || ', termination_reason ' || coalesce(d.termination_reason, 'null') as found
  from run r join run_detail d on d.run_id = r.id
 where (r.status in ('failed', 'aborted') and (d.error is null or d.termination_reason is null))
    or (r.status = 'completed' and (d.error is not null or d.termination_reason is not null))
 limit :limit

-- A run is paused exactly under the word pause; it is pending exactly until something of it was claimed; what runs belongs to a run that is running or paused.
select r.id as "runId", 'run' as noun, r.flow_name as id,
       case when (r.status = 'paused') <> (coalesce(r.control, '') = 'pause') then 'paused with the word pause, or neither'
            when r.status = 'pending' then 'pending and never started'
            else 'started' end as expected,
       r.status || ', word ' || coalesce(r.control, 'none') || case when r.started_at is null then ', never started' else ', started' end
         || ', active ' || r.active as found
  from run r
 where (r.status = 'paused') <> (coalesce(r.control, '') = 'pause')
    or (r.status = 'pending' and (r.started_at is not null or r.active > 0))
    or (r.status in ('running', 'completed') and r.started_at is null)
 limit :limit

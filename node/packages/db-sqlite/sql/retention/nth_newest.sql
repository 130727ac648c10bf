-- The newest finished run of a flow that has :keep newer ones. Entries of the index alone, status by status, then merged.
select createdAt as "createdAt", id from (
  select * from (select created_at as createdAt, id from run where flow_name = :flowName and status = 'completed' and created_at >= 0 order by created_at desc, id desc limit :keep + 1)
  union all
  select * from (select created_at, id from run where flow_name = :flowName and status = 'failed' and created_at >= 0 order by created_at desc, id desc limit :keep + 1)
  union all
  select * from (select created_at, id from run where flow_name = :flowName and status = 'aborted' and created_at >= 0 order by created_at desc, id desc limit :keep + 1))
order by createdAt desc, id desc
limit 1 offset :keep

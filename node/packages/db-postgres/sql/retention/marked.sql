select id from run where status = 'completed' and created_at < 0
union all
select id from run where status = 'failed' and created_at < 0
union all
select id from run where status = 'aborted' and created_at < 0
limit 1

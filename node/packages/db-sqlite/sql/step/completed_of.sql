-- Those of these steps that what depends on them need not wait for.
select s.id from step s left join step_option o on o.step_key = s.key
 where s.run_id = :runId and s.id in (select value from json_each(:ids)) and s.superseded = 0
   and (s.status = 'completed' or s.status = 'failed' and coalesce(o.allow_failure, 0))

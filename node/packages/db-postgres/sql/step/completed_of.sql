-- Those of these steps that what depends on them need not wait for.
select s.id from step s left join step_option o on o.step_key = s.key
 where s.run_id = :runId::uuid and s.id = any(:ids::text[]) and s.superseded = 0
   and (s.status = 'completed' or s.status = 'failed' and coalesce(o.allow_failure, false))

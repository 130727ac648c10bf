delete from artifact a
 using (select run_id, name from artifact where run_id = :runId::uuid limit :limit) x
 where a.run_id = x.run_id and a.name = x.name

-- Takes gate with it.
delete from stage where key in (select key from stage where run_id = :runId::uuid limit :limit)

delete from step_edge e
 using (select from_key, to_key from step_edge where from_key = any(:keys::bigint[]) limit :limit) x
 where e.from_key = x.from_key and e.to_key = x.to_key

-- Newest first: what is left of a stream tells of moves that happened.
delete from event e
 using (select run_id, no from event where run_id = any(:runIds::uuid[]) order by run_id desc, no desc limit :limit) x
 where e.run_id = x.run_id and e.no = x.no

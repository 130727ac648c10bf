-- Newest first: what is left of a stream tells of moves that happened.
delete from event where (run_id, no) in (select run_id, no from event where run_id in (select value from json_each(:runIds)) order by run_id desc, no desc limit :limit)

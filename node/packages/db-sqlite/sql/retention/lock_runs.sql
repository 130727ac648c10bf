-- Only those that are still over.
select id from run
 where id in (select value from json_each(:runIds)) and status in ('completed', 'failed', 'aborted') and active = 0 and created_at >= 0
 order by id

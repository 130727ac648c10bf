-- Only those that are still over; what somebody else has is passed by, so that this waits for nobody.
select id from run
 where id = any(:runIds::uuid[]) and status in ('completed', 'failed', 'aborted') and active = 0 and created_at >= 0
 order by id
   for update skip locked

-- The smallest claim number that waits in a priority; none waiting: the highest ever claimed, which never decreases. The number that a row becomes claimable with
-- is one more than this and than the last one of its run. "_floor": nothing below it is known to wait, so the scan need not step over what died there.
create or replace function pg_temp.waiting_no(_kind text, _priority int, _floor bigint) returns bigint language plpgsql as $body$
declare _no bigint;
begin
  select s.claim_no into _no from step s
   where s.kind = _kind and s.priority = _priority and s.claim_no is not null and s.claim_no >= _floor
   order by s.claim_no limit 1;
  if _no is null then select max(w.claimed_no) into _no from worker w; end if;
  return coalesce(_no, 0);
end
$body$

-- Whether pg_temp.end_stage can end a stage whose steps all completed: not if a word stands on the run, or if it handles failures, or ends calls.
create or replace function pg_temp.can_end(_run uuid, _final boolean, _recover boolean) returns boolean language plpgsql as $body$
declare _r record;
begin
  select r.control, r.failed_stage, r.open_calls, r.final_completed into _r from run r where r.id = _run;
  return _r.control is null and not _r.final_completed and not (_recover and _r.failed_stage is not null) and not (_final and _r.open_calls > 0);
end
$body$

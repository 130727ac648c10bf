-- What follows when the last step of a stage has ended and none of its steps failed: the stage is completed, and the flow is called back, unless the stage was a
-- final one. The run's row is locked by this transaction. Answers the events, and whether a flow call became
-- claimable.
create or replace function pg_temp.end_stage(_run uuid, _stage bigint, _now bigint, out events text, out called boolean) language plpgsql as $body$
declare
  _name text; _final boolean; _output text; _completed_stage text; _failed_stage text; _calls int; _open_calls int; _priority int; _key bigint;
begin
  update stage t set status = 'completed', completed_at = _now where t.key = _stage returning t.name, t.final, t.output into _name, _final, _output;
  events := ',{"type":"stage","data":{"name":' || to_json(_name) || ',"status":"completed"}}';
  called := false;
  if _final then
    update run r set open_stages = r.open_stages - 1, completed_stage = _name, final_completed = true where r.id = _run;
    if _output is not null then update run_detail d set output = _output where d.run_id = _run; end if;
    return;
  end if;
  update run r set open_stages = r.open_stages - 1, completed_stage = _name, calls = r.calls + 1, open_calls = r.open_calls + 1
   where r.id = _run
  returning r.completed_stage, r.failed_stage, r.calls, r.open_calls, r.priority into _completed_stage, _failed_stage, _calls, _open_calls, _priority;
  -- Calls of one run never overlap: only the first that is open is claimable.
  insert into step (run_id, kind, id, name, sequence, status, priority, claim_no, deps_remaining, max_retries, created_at)
  values (_run, 'flow', 'flow:' || _calls, '', _calls - 1, 'pending', _priority,
          case when _open_calls = 1 then pg_temp.waiting_no('flow', _priority, 0) + 1 end, 0, 0, _now)
  returning key into _key;
  called := _open_calls = 1;
  insert into flow_call (step_key, completed_stage, failed_stage) values (_key, _completed_stage, coalesce(_failed_stage, ''));
  events := events || ',{"type":"flow","data":{"id":"flow:' || _calls || '","status":"pending","attempt":0}}';
end
$body$

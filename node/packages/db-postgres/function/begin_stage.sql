-- Stores the stage that a flow call asks for over HTTP and claims its steps, all of which start at once, where nothing else waits to be claimed: one statement for schedule_stage and the claim
-- that would follow. "_plan" is as for pg_temp.store_plan; there are as many free slots as it has steps. Wherever it is not as simple as that, nothing is changed, and the answer has no
-- "stored", but "passed", for the worker to ask again without the stage; so it is where somebody else has the run's lock, because everything that this worker has to tell
-- would wait with it. The rules of locks and plans are those of pg_temp.exchange.
create or replace function pg_temp.begin_stage(
  _worker bigint, _round bigint, _run uuid, _plan json, _key bigint, _attempt int)
returns text language plpgsql as $body$
declare
  _now bigint := now_ms(); _flow text := 'flow'; _locked boolean; _p record; _r record; _simple boolean; _stage bigint; _ids text[]; _steps int; _events text; _tasks text; _event_no bigint;
begin
  -- The expression comes before the statement, and so before its snapshot.
  _locked := pg_advisory_xact_lock_shared(1297111377, _worker::int) is not null;
  select r.flow_name, r.priority, r.control is null and not r.final_stage and r.status = 'running'
           and (select w.status = 'live' and w.round <= _round from worker w where w.key = _worker) as simple
    into _r from run r where r.id = _run for update skip locked;
  if _r.simple then
    select x.*, array(select json_array_elements_text(x.ids)) as names into _p
      from json_to_record(_plan) as x(stage text, final boolean, "failFast" boolean, recover boolean, hash text, output text, priority int, ids json, groups json);
    _ids := _p.names; _steps := cardinality(_ids);
    -- What waits to be claimed comes first, so that nothing may wait; the caller is a flow call that still runs, and was not told of a failure.
    update flow_call c set accepted = true, refusal = null
     where c.step_key = _key and c.failed_stage = ''
       and (select s.status = 'running' and s.attempt = _attempt and s.run_id is not distinct from _run from step s where s.key = _key)
       and (select t.key from stage t where t.run_id = _run and t.name = _p.stage and t.superseded = 0) is null
       and (select s.key from unnest(_ids) as i(id), lateral (select s.key from step s where s.run_id = _run and s.id = i.id and s.superseded = 0 offset 0) s limit 1) is null
       and (select s.key from step s where s.kind = 'step' and s.claim_no is not null limit 1) is null
       and (select s.key from step s where s.kind = _flow and s.claim_no is not null limit 1) is null
    returning true into _simple;
  end if;
  if _simple is not true then return '{"tasks":[],"floor":null,"passed":true}'; end if;

  insert into stage (run_id, name, status, final, fail_fast, recover, after_failure, total_steps, open_steps, body_hash, output, created_at, started_at)
  values (_run, _p.stage, 'running', _p.final, _p."failFast", _p.recover, false, _steps, _steps, _p.hash, _p.output, _now, _now)
  returning key into _stage;
  with i as (
    insert into step (run_id, stage_key, kind, id, name, sequence, status, priority, deps_remaining, attempt, max_retries, worker_key, ran_by, created_at, claimed_at, started_at)
    select _run, _stage, 'step', _ids[g.first + n], g.name, g.sequence + n * g.stride, 'running', coalesce(_p.priority, _r.priority), 0, 1, g.retries, _worker, _worker, _now, _now, _now
      from json_to_recordset(_p.groups) as g(first int, count int, name text, sequence int, stride int, retries int), generate_series(0, g.count - 1) n
    returning step.key, step.id, step.name, step.sequence)
  select string_agg('[' || i.key || ',' || i.key || ',1,"step","' || _run || '",' || to_json(_r.flow_name) || ',' || to_json(i.id) || ',' || to_json(i.name) || ','
           || to_json(_p.stage) || ',' || _stage || ',' || i.sequence || ',{},null,"",""]', ','),
         string_agg(',{"type":"step","data":{"id":' || to_json(i.id) || ',"status":"running","attempt":1}}', '')
    into _tasks, _events from i;
  update run r set open_stages = r.open_stages + 1, final_stage = _p.final, active = r.active + _steps, event_no = r.event_no + 1
   where r.id = _run
  returning r.event_no into _event_no;
  insert into event (run_id, no, at, body)
  values (_run, _event_no, _now, '[{"type":"stage","data":{"name":' || to_json(_p.stage) || ',"status":"pending","steps":' || _steps || '}},{"type":"stage","data":{"name":'
    || to_json(_p.stage) || ',"status":"running"}}' || _events || ']');
  return '{"tasks":[' || _tasks || '],"floor":null,"passed":false,"stored":true,"told":["' || _run || '"]}';
end
$body$

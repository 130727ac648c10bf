-- The exchange of stages in sequence: one flow call ended well and asks for a stage all of whose steps start at once. The queue is known to be empty. "_call" and "_plan" are as for
-- pg_temp.settle_call. Whatever turns out to be otherwise is left to pg_temp.exchange, with nothing changed.
create or replace function pg_temp.finish_call(
  _worker bigint, _round bigint, _call json, _plan json, _outputs json, _free_steps int, _ahead_steps int, _free_calls int)
returns text language plpgsql as $body$
declare
  _now bigint := now_ms(); _key bigint := (_call ->> 'key')::bigint; _attempt int := (_call ->> 'attempt')::int; _run uuid := (_call ->> 'runId')::uuid;
  _locked boolean; _p record; _r record; _id text; _stage bigint; _ids text[]; _steps int; _events text; _tasks text; _event_no bigint;
begin
  -- The expression comes before the statement, and so before its snapshot.
  _locked := pg_advisory_xact_lock_shared(1297111377, _worker::int) is not null;
  select r.flow_name, r.priority, r.control is null and r.open_calls = 1 and not r.final_stage and r.status = 'running'
           and (select w.status = 'live' and w.round <= _round from worker w where w.key = _worker) as simple
    into _r from run r where r.id = _run for update;
  if _r.simple then
    select x.* into _p from json_to_record(_plan) as x(stage text, final boolean, "failFast" boolean, recover boolean, hash text, output text, priority int, ids json, groups json);
    select array_agg(x), count(*) into _ids, _steps from json_array_elements_text(_p.ids) x;
    if not exists (select 1 from stage t where t.run_id = _run and t.name = _p.stage and t.superseded = 0)
       and not exists (select 1 from unnest(_ids) as i(id), lateral (select s.key from step s where s.run_id = _run and s.id = i.id and s.superseded = 0 offset 0) s) then
      update step s
         set status = 'completed', worker_key = null, completed_at = _now, started_at = coalesce(s.started_at, _now - (_call ->> 'durationMs')::bigint),
             exit_code = (_call ->> 'exitCode')::int, cpu_ms = (_call ->> 'cpuMs')::int, max_rss_bytes = (_call ->> 'maxRssBytes')::bigint
       where s.key = _key and s.status = 'running' and s.worker_key is not distinct from _worker and s.attempt = _attempt
         and (select not c.accepted and c.refusal is null and c.failed_stage = '' from flow_call c where c.step_key = _key)
      returning s.id into _id;
    end if;
  end if;
  if _id is null then
    return pg_temp.exchange(_worker, _round, null, null, null, null, null, null, null, null, array[_run], json_build_array(_call), json_build_array(_plan), null, _outputs, null,
      _free_steps, _ahead_steps, _free_calls, false, false, null, null);
  end if;

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
  update run r
     set open_calls = 0, open_stages = r.open_stages + 1, final_stage = _p.final, active = r.active - 1 + _steps, event_no = r.event_no + 1
   where r.id = _run
  returning r.event_no into _event_no;
  insert into event (run_id, no, at, body)
  values (_run, _event_no, _now, '[{"type":"stage","data":{"name":' || to_json(_p.stage) || ',"status":"pending","steps":' || _steps || '}},{"type":"flow","data":{"id":'
    || to_json(_id) || ',"status":"completed","attempt":' || _attempt || ',"exitCode":' || (_call ->> 'exitCode') || ',"signal":null}},{"type":"stage","data":{"name":'
    || to_json(_p.stage) || ',"status":"running"}}' || _events || ']');
  if _outputs is not null then
    insert into step_output (step_key, attempt, stdout, stderr, stdout_bytes, stderr_bytes, stdout_truncated, stderr_truncated)
    select _key, _attempt, o.stdout, o.stderr, o."stdoutBytes", o."stderrBytes", o."stdoutTruncated", o."stderrTruncated"
      from json_to_recordset(_outputs) as o(stdout text, stderr text, "stdoutBytes" bigint, "stderrBytes" bigint, "stdoutTruncated" boolean, "stderrTruncated" boolean)
    on conflict (step_key, attempt) do nothing;
  end if;
  return '{"tasks":[' || _tasks || '],"floor":null,"passed":false,"told":["' || _run || '"]}';
end
$body$

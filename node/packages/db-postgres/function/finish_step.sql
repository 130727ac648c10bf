-- The exchange of a chain: one step ended well; one or none waits for it, or it ends its stage, and the flow is called back, or its run with it. The queue is known to be empty, and there
-- is a free slot. Half of the database's CPU time of pg_temp.exchange, whose rules of locks and plans hold here, too. Whatever turns out to be otherwise is left to
-- that, with nothing changed.
create or replace function pg_temp.finish_step(
  _worker bigint, _round bigint, _key bigint, _attempt int, _duration bigint, _cpu int, _rss bigint, _stage bigint, _run uuid,
  _stdout text, _stderr text, _stdout_bytes bigint, _stderr_bytes bigint, _stdout_truncated boolean, _stderr_truncated boolean,
  _free_steps int, _ahead_steps int, _free_calls int)
returns text language plpgsql as $body$
declare
  _now bigint := now_ms(); _locked boolean; _r record; _stage_name text; _ended boolean; _over boolean; _id text; _event_no bigint;
  _c record; _call bigint; _events text; _claimed int := 0; _tasks text := '';
begin
  -- The expression comes before the statement, and so before its snapshot.
  _locked := pg_advisory_xact_lock_shared(1297111377, _worker::int) is not null;
  select r.flow_name, r.failed_stage, r.calls, r.priority, r.open_calls = 0 and not r.final_completed and _free_calls > 0 as may_call,
         r.active = 1 and r.open_stages = 1 and r.open_calls = 0 and r.failed_stage is null and not r.final_completed as may_end,
         r.control is null and (select w.status = 'live' and w.round <= _round from worker w where w.key = _worker) as simple,
         array(select e.to_key from step_edge e where e.from_key = _key) as freed
    into _r from run r where r.id = _run for update;
  if _r.simple and cardinality(_r.freed) < 2 then
    update stage t
       set open_steps = t.open_steps - 1, status = case when t.open_steps = 1 then 'completed' else t.status end,
           completed_at = case when t.open_steps = 1 then _now end
     where t.key = _stage and t.status = 'running' and t.failed_steps = 0 and t.max_parallel is null
       and (t.open_steps > 1 or t.open_steps = 1 and t.superseded = 0 and case when t.final then _r.may_end and t.output is null
            else _r.may_call and not (t.recover and _r.failed_stage is not null) end)
    returning t.name, t.open_steps = 0 and not t.final, t.open_steps = 0 and t.final into _stage_name, _ended, _over;
    if _stage_name is not null then
      update step s
         set status = 'completed', worker_key = null, completed_at = _now, exit_code = 0, started_at = coalesce(s.started_at, _now - _duration),
             cpu_ms = _cpu, max_rss_bytes = _rss
       where s.key = _key and s.status = 'running' and s.worker_key is not distinct from _worker and s.attempt = _attempt and s.gate_key is null
      returning s.id into _id;
      if _id is null then
        update stage t set open_steps = t.open_steps + 1, status = 'running', completed_at = null where t.key = _stage;
      end if;
    end if;
  end if;
  if _id is null then
    return pg_temp.exchange(_worker, _round, array[_key], array[_attempt], array[_duration], array[_cpu], array[_rss], array[_stage], array[_stage], array[1],
      array[_run], null, null, null,
      case when _stdout is not null then json_build_array(json_build_object('key', _key, 'stdout', _stdout, 'stderr', _stderr, 'stdoutBytes', _stdout_bytes,
        'stderrBytes', _stderr_bytes, 'stdoutTruncated', _stdout_truncated, 'stderrTruncated', _stderr_truncated)) end,
      null, _free_steps, _ahead_steps, _free_calls, false, false, null, null);
  end if;

  _events := '[{"type":"step","data":{"id":' || to_json(_id) || ',"status":"completed","attempt":' || _attempt || ',"exitCode":0}}';
  if _over then
    update run r
       set active = 0, open_stages = 0, completed_stage = _stage_name, final_completed = true, status = 'completed', deadline_at = null, completed_at = _now,
           event_no = r.event_no + 1
     where r.id = _run
    returning r.event_no into _event_no;
    _events := _events || ',{"type":"stage","data":{"name":' || to_json(_stage_name) || ',"status":"completed"}},{"type":"run","data":{"status":"completed"}}';
  elsif _ended then
    insert into step (run_id, kind, id, name, sequence, status, priority, deps_remaining, attempt, max_retries, worker_key, ran_by, created_at, claimed_at, started_at)
    values (_run, 'flow', 'flow:' || _r.calls + 1, '', _r.calls, 'running', _r.priority, 0, 1, 0, _worker, _worker, _now, _now, _now)
    returning key into _call;
    insert into flow_call (step_key, completed_stage, failed_stage) values (_call, _stage_name, coalesce(_r.failed_stage, ''));
    update run r
       set open_stages = r.open_stages - 1, completed_stage = _stage_name, calls = r.calls + 1, open_calls = 1, event_no = r.event_no + 1
     where r.id = _run
    returning r.event_no into _event_no;
    _events := _events || ',{"type":"stage","data":{"name":' || to_json(_stage_name) || ',"status":"completed"}},{"type":"flow","data":{"id":"flow:' || _r.calls + 1
      || '","status":"pending","attempt":0}},{"type":"flow","data":{"id":"flow:' || _r.calls + 1 || '","status":"running","attempt":1}}';
    _tasks := '[1,' || _call || ',1,"flow","' || _run || '",' || to_json(_r.flow_name) || ',"flow:' || _r.calls + 1 || '","","",null,' || _r.calls || ',{},null,'
      || to_json(_stage_name) || ',' || to_json(coalesce(_r.failed_stage, '')) || ']';
  else
    if cardinality(_r.freed) = 1 then
      update step s
         set deps_remaining = s.deps_remaining - 1, status = case when s.deps_remaining = 1 then 'running' else s.status end,
             worker_key = case when s.deps_remaining = 1 then _worker end, ran_by = case when s.deps_remaining = 1 then _worker else s.ran_by end,
             attempt = s.attempt + (s.deps_remaining = 1)::int, claimed_at = case when s.deps_remaining = 1 then _now else s.claimed_at end,
             started_at = case when s.deps_remaining = 1 then _now else s.started_at end
       where s.key = _r.freed[1] and s.status || '' = 'pending' and s.deps_remaining + 0 > 0
      returning s.key, s.attempt, s.id, s.name, s.sequence, s.status,
                (select o.env || ',' || coalesce(o.timeout_ms::text, 'null') from step_option o where o.step_key = s.key) as options into _c;
      if _c.status = 'running' then
        _claimed := 1;
        _events := _events || ',{"type":"step","data":{"id":' || to_json(_c.id) || ',"status":"running","attempt":' || _c.attempt || '}}';
        _tasks := '[1,' || _c.key || ',' || _c.attempt || ',"step","' || _run || '",' || to_json(_r.flow_name) || ',' || to_json(_c.id) || ',' || to_json(_c.name) || ','
          || to_json(_stage_name) || ',' || _stage || ',' || _c.sequence || ',' || coalesce(_c.options, '{},null') || ',"",""]';
      end if;
    end if;
    update run r set active = r.active - 1 + _claimed, event_no = r.event_no + 1 where r.id = _run returning r.event_no into _event_no;
  end if;
  insert into event (run_id, no, at, body) values (_run, _event_no, _now, _events || ']');
  if _stdout is not null then
    insert into step_output (step_key, attempt, stdout, stderr, stdout_bytes, stderr_bytes, stdout_truncated, stderr_truncated)
    values (_key, _attempt, _stdout, _stderr, _stdout_bytes, _stderr_bytes, _stdout_truncated, _stderr_truncated)
    on conflict (step_key, attempt) do nothing;
  end if;
  return '{"tasks":[' || _tasks || '],"floor":null,"passed":false' || case when _ended or _over then ',"told":["' || _run || '"]' else '' end
    || case when _over then ',"ended":["' || _run || '"]' else '' end || '}';
end
$body$

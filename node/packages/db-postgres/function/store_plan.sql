-- Stores a stage that a run may have, with steps of one priority; its run's row is locked by this transaction. Answers the event; null, and nothing is stored, if
-- something speaks against it: then the general verb finds out what, and says so.
create or replace function pg_temp.store_plan(_run uuid, _plan json, _after_failure boolean, _scheduled_by bigint, _now bigint, out events text, out numbered int)
language plpgsql as $body$
declare
  _p record; _ids text[]; _stage bigint; _gates bigint[]; _keys bigint[]; _first bigint; _priority int; _last bigint; _steps int;
begin
  select x.* into _p from json_to_record(_plan) as x(stage text, final boolean, "failFast" boolean, recover boolean, hash text, output text, priority int, ready int,
                                                     ids json, groups json, options json, gates json, "stepEdges" json, "gateEdges" json);
  numbered := _p.ready;
  select r.last_no, coalesce(_p.priority, r.priority) into _last, _priority
    from run r where r.id = _run and r.control is null and not r.final_stage and r.status in ('pending', 'running');
  if not found then return; end if;
  select array_agg(x), count(*) into _ids, _steps from json_array_elements_text(_p.ids) x;
  -- A first stage repeats nothing.
  perform 1 from stage t where t.run_id = _run limit 1;
  if found then
    perform 1 from stage t where t.run_id = _run and t.name = _p.stage and t.superseded = 0;
    if found then return; end if;
    perform 1 from unnest(_ids) as i(id), lateral (select s.key from step s where s.run_id = _run and s.id = i.id and s.superseded = 0 offset 0) s limit 1;
    if found then return; end if;
  end if;
  insert into stage (run_id, name, status, final, fail_fast, recover, after_failure, scheduled_by, total_steps, open_steps, body_hash, output, created_at)
  values (_run, _p.stage, 'pending', _p.final, _p."failFast", _p.recover, _after_failure, _scheduled_by, _steps, _steps,
          _p.hash, _p.output, _now)
  returning key into _stage;
  if _p.gates is not null then
    with g as (insert into gate (stage_key, total, remaining) select _stage, x::text::int, x::text::int from json_array_elements(_p.gates) x returning key)
    select array_agg(g.key order by g.key) into _gates from g;
  end if;
  _first := greatest(pg_temp.waiting_no('step', _priority, 0), _last);
  -- Keys are handed out in the order of the rows.
  with i as (
    insert into step (run_id, stage_key, gate_key, kind, id, name, sequence, status, priority, claim_no, deps_remaining, max_retries, created_at)
    select _run, _stage, _gates[g.gate + 1], 'step', _ids[g.first + n], g.name, g.sequence + n * g.stride, 'pending', _priority, _first + g.place + n, g.deps, g.retries, _now
      from json_to_recordset(_p.groups) as g(first int, count int, name text, sequence int, stride int, deps int, gate int, retries int, place int),
           generate_series(0, g.count - 1) n
    returning key)
  select array_agg(i.key order by i.key) into _keys from i;
  if _p.options is not null then
    insert into step_option (step_key, depends_on, env, timeout_ms, retry_delay_ms, retry_backoff, on_lost, allow_failure)
    select _keys[x.index + 1], x.deps, x.env, x.timeout, x.delay, x.backoff, x.lost, x.allow
      from json_to_recordset(_p.options) as x(index int, deps text, env text, timeout bigint, delay bigint, backoff text, lost text, allow boolean);
  end if;
  if _p."stepEdges" is not null then
    insert into step_edge (from_key, to_key) select _keys[e.f::int + 1], _keys[e.t::int + 1]
      from rows from (json_array_elements_text(_p."stepEdges" -> 'from'), json_array_elements_text(_p."stepEdges" -> 'to')) as e(f, t);
  end if;
  if _p."gateEdges" is not null then
    insert into gate_edge (gate_key, to_key) select _gates[e.f::int + 1], _keys[e.t::int + 1]
      from rows from (json_array_elements_text(_p."gateEdges" -> 'from'), json_array_elements_text(_p."gateEdges" -> 'to')) as e(f, t);
  end if;
  update run r
     set open_stages = r.open_stages + 1, final_stage = _p.final, last_no = case when numbered > 0 then _first + numbered else r.last_no end
   where r.id = _run;
  events := ',{"type":"stage","data":{"name":' || to_json(_p.stage) || ',"status":"pending","steps":' || _steps || '}}';
end
$body$

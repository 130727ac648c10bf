-- What a worker sends most: records what ended well, frees its dependents, ends stages and runs that end well, numbers or claims what became ready, claims more,
-- and writes the events, in one round trip and one transaction. Functions of the session, made when the hot connection opens, so that no migration has to know them.
-- What it costs is statements, and expressions of PL/pgSQL, which are set up anew in each transaction: hence few of both, and loops only where there is seldom
-- something to loop over. Measured, see docs/decisions/accelerated-hot-path.md.
-- What lies in a stage with maxParallel, or would end a stage that failed or recovers, or sets the output after a failure, is left to the general verbs ("left").
-- Locks: the worker's number, the runs of the outcomes in id order, then other runs that have something to claim with skip locked; each is the mutex of everything
-- below it, and no row of a step is ever waited for or locked before its run: docs/decisions/one-lock-order.md. Each statement of a volatile function has a snapshot
-- of its own, so what is read after the runs are locked is the latest.
-- Each plan is made once, when nothing is known of the tables: conditions that would let another index than the intended one in are written so that they cannot
-- ("is not distinct from", coalesce, "is true", "+ 0", a variable where a partial index names a constant), and there are no joins, nor
-- "not exists", which was planned as one that read all runs (280 ms of a million). Of many ids in one run each is looked for by itself ("lateral", "offset 0"): with
-- "= any" the plan for small runs reads all steps of a large one (100 ms of 200,000).
-- The outcomes of steps are in parallel arrays, by key; "_calls" and "_plans" are lists of the same length, because each look into a JSON text reads all of it: what the calls
-- ask for may be long, the rest of them is short; "_runs" are the runs of all outcomes and of what "_started".
-- "_floor": the smallest claim number that was seen waiting in "_floor_priority" a moment ago, so that a scan need not step over what died before it while an old
-- snapshot keeps it from being removed. A number may commit below it: if there is room left, the scan is repeated without. Null: none is known.
create or replace function pg_temp.exchange(
  _worker bigint, _round bigint, _keys bigint[], _attempts int[], _durations bigint[], _cpu int[], _rss bigint[], _stages bigint[], _stage_keys bigint[],
  _stage_told int[], _runs uuid[], _calls json, _plans json, _started bigint[], _outputs json, _fields json, _free_steps int, _ahead_steps int, _free_calls int,
  _look_steps boolean, _look_calls boolean, _floor_priority int, _floor bigint)
returns text language plpgsql as $body$
declare
  _now bigint := now_ms();
  _flow text := 'flow';
  _room int := _free_steps + _ahead_steps;
  _run_ids uuid[]; _run_controls text[]; _run_pending boolean[]; _run_last bigint[]; _run_flows text[]; _held boolean; _live boolean;
  _more_ids uuid[]; _more_controls text[]; _more_pending boolean[]; _more_flows text[];
  _stage_names text[]; _begun bigint[]; _ending bigint[]; _left bigint[]; _stale bigint[]; _failing bigint[]; _told uuid[]; _ended uuid[]; _failed uuid[];
  _done int := 0; _done_keys bigint[]; _done_attempts int[]; _done_gates bigint[]; _done_stages bigint[]; _done_runs uuid[]; _done_counts int[]; _done_events text[];
  _open_gates bigint[]; _freed int := 0; _freed_keys bigint[]; _freed_counts int[]; _one boolean;
  _queued int := 0; _wanted uuid[]; _top_no bigint; _first_no bigint; _first_priority int; _last_priority int; _passed boolean;
  _step_keys bigint[]; _call_keys bigint[]; _task_keys bigint[]; _other_stages bigint[]; _option_keys bigint[]; _option_envs text[]; _option_timeouts bigint[];
  _told_keys bigint[]; _told_completed text[]; _told_failed text[];
  _claimed int := 0; _claim_runs uuid[]; _claim_counts int[]; _claim_events text[]; _claim_stages bigint[]; _tasks text;
  _numbered_steps int := 0; _numbered_calls int := 0; _controls text; _more boolean; _others boolean;
  _over uuid[]; _over_names text[]; _ready_keys bigint[]; _ready_told int[]; _asked record; _asked_keys bigint[]; _asked_runs uuid[]; _asked_finals boolean[]; _asked_tasks text;
  _r record; _i int; _n int;
begin
  -- Nothing for a worker whose registration is over, nor for a request of an earlier round, which its sender gave up before it asked what it owns.
  -- A rescue, or a new round, comes before this or after it, never between; the lease may be renewed meanwhile. The expression comes before the statement, and so before its snapshot.
  if _room + _free_calls > 0 then _live := pg_advisory_xact_lock_shared(1297111377, _worker::int) is not null; end if;
  select array_agg(x.id), array_agg(x.control), array_agg(x.status = 'pending'), array_agg(x.last_no), array_agg(x.flow_name), count(x.control) > 0,
         (select w.status = 'live' and w.round <= _round from worker w where w.key = _worker)
    into _run_ids, _run_controls, _run_pending, _run_last, _run_flows, _held, _live
    from (select r.id, r.control, r.status, r.last_no, r.flow_name from run r where r.id = any(_runs) order by r.id for update) x;
  if _live is not true then _room := 0; _free_steps := 0; _free_calls := 0; end if;

  if cardinality(_keys) > 0 then
    -- Stages that do not end; and final ones that end with all that is open of their runs, if none of the outcomes comes too late.
    with t as (
      update stage t
         set open_steps = t.open_steps - _stage_told[array_position(_stage_keys, t.key)],
             status = case when t.open_steps = _stage_told[array_position(_stage_keys, t.key)] then 'completed' else t.status end,
             completed_at = case when t.open_steps = _stage_told[array_position(_stage_keys, t.key)] then _now else t.completed_at end
       where t.key = any(_stage_keys) and t.max_parallel is null
         and (t.open_steps > _stage_told[array_position(_stage_keys, t.key)]
              or t.open_steps = _stage_told[array_position(_stage_keys, t.key)] and t.final and t.output is null and t.failed_steps = 0 and t.superseded = 0
                 and t.status || '' = 'running'
                 and (select r.active = t.open_steps and r.open_stages = 1 and r.open_calls = 0 and r.control is null and r.failed_stage is null and not r.final_completed
                        from run r where r.id = t.run_id)
                 and (select count(*) from step s
                       where s.key = any(_keys) and s.status || '' = 'running' and s.worker_key is not distinct from _worker
                         and s.attempt = _attempts[array_position(_keys, s.key)]) = cardinality(_keys))
      returning t.key, t.name, t.run_id, t.fail_fast and t.failed_steps > 0 as failing, t.open_steps = 0 as over, _stage_told[array_position(_stage_keys, t.key)] as told)
    select array_agg(t.key), array_agg(t.name), array_agg(t.told), array_agg(t.key) filter (where t.failing),
           array_agg(t.run_id) filter (where t.over), array_agg(t.name) filter (where t.over)
      into _ready_keys, _stage_names, _ready_told, _failing, _told, _over_names from t;
    _over := _told;
    if (cardinality(_ready_keys) = cardinality(_stage_keys)) is not true then
      select _ready_keys || array_agg(x.key), _ready_told || array_agg(x.told) into _ready_keys, _ready_told
        from unnest(_stage_keys, _stage_told) as x(key, told) where (x.key = any(_ready_keys)) is not true;
    end if;
    _stage_keys := _ready_keys; _stage_told := _ready_told;
    for _i in coalesce(cardinality(_stage_names), 0) + 1 .. cardinality(_stage_keys) loop
      -- It ends here, one stage of a run at a time, or something of it is left.
      select t.name, t.fail_fast and t.failed_steps > 0 as failing, t.run_id, t.max_parallel, t.failed_steps, t.superseded, t.final, t.recover, t.output is not null and t.after_failure as keeps into _r
        from stage t where t.key = _stage_keys[_i];
      if _r.max_parallel is not null then
        _left := _left || array(select k.key from unnest(_keys, _stages) as k(key, stage_key) where k.stage_key = _stage_keys[_i]);
        _stage_told[_i] := 0;
      elsif _r.failed_steps > 0 or _r.superseded > 0 or (_r.run_id = any(_told)) is true or _r.keeps or not pg_temp.can_end(_r.run_id, _r.final, _r.recover) then
        _left := _left || (select max(k.key) from unnest(_keys, _stages) as k(key, stage_key) where k.stage_key = _stage_keys[_i]);
        _stage_told[_i] := _stage_told[_i] - 1;
      else
        _ending := _ending || _stage_keys[_i]; _told := _told || _r.run_id;
      end if;
      update stage t set open_steps = t.open_steps - _stage_told[_i] where t.key = _stage_keys[_i];
      _stage_names := array_append(_stage_names, _r.name);
      if _r.failing then _failing := _failing || _stage_keys[_i]; end if;
    end loop;
    with d as (
      update step s
         set status = 'completed', worker_key = null, completed_at = _now, exit_code = 0,
             started_at = coalesce(s.started_at, _now - _durations[array_position(_keys, s.key)]),
             cpu_ms = _cpu[array_position(_keys, s.key)], max_rss_bytes = _rss[array_position(_keys, s.key)]
       where s.key = any(_keys) and s.status = 'running' and s.worker_key is not distinct from _worker and s.attempt = _attempts[array_position(_keys, s.key)]
         and (s.key = any(_left)) is not true
      returning s.key, s.run_id, s.stage_key, s.gate_key, s.id, s.attempt),
    g as (
      select d.run_id, count(*)::int as n,
             string_agg(',{"type":"step","data":{"id":' || to_json(d.id) || ',"status":"completed","attempt":' || d.attempt || ',"exitCode":0}}', '') as events
        from d group by d.run_id)
    select d.*, g.* into _done, _done_keys, _done_attempts, _done_gates, _done_stages, _done_runs, _done_counts, _done_events
      from (select count(*)::int, array_agg(d.key), array_agg(d.attempt), array_agg(d.gate_key) filter (where d.gate_key is not null), array_agg(d.stage_key) from d) d,
           (select array_agg(g.run_id), array_agg(g.n), array_agg(g.events) from g) g;
    if _done < cardinality(_keys) or _ending is not null then
      _stale := array(select k.key from (select k.key, row_number() over (partition by k.key) as place from unnest(_keys) as k(key)) k
                       where k.place > 1 or (k.key = any(_done_keys)) is not true and (k.key = any(_left)) is not true);
      for _i in 1 .. cardinality(_stage_keys) loop
        _n := coalesce(cardinality(array_positions(_done_stages, _stage_keys[_i])), 0);
        if _n < _stage_told[_i] then
          -- Some came too late.
          update stage t set open_steps = t.open_steps + _stage_told[_i] - _n where t.key = _stage_keys[_i];
        end if;
        if _n > 0 and _stage_keys[_i] = any(_ending) and (select t.open_steps from stage t where t.key = _stage_keys[_i]) = 0 then
          select t.run_id, x.events, x.called::int as called into _r from stage t, pg_temp.end_stage(t.run_id, t.key, _now) x where t.key = _stage_keys[_i];
          _n := array_position(_done_runs, _r.run_id);
          _done_events[_n] := _done_events[_n] || _r.events; _numbered_calls := _numbered_calls + _r.called;
        end if;
      end loop;
    end if;
  end if;

  if _room > 0 and _calls::text like '%"asks":"stage"%' then
    -- If no step waits, what they ask for fills the room first.
    if _look_steps and _floor is null then
      perform 1 from step s where s.kind = 'step' and s.claim_no is not null limit 1;
      _look_steps := found;
    end if;
    if not _look_steps then
      select b.* into _asked from pg_temp.begin_stages(_worker, _calls, _plans, _done_runs, _room, _free_steps, _now) b;
      if _asked.keys is not null then
        _n := cardinality(_asked.keys); _done := _done + _n; _done_keys := _done_keys || _asked.keys; _done_attempts := _done_attempts || _asked.attempts;
        _asked_keys := _asked.keys; _asked_runs := _asked.runs; _asked_finals := _asked.finals; _asked_tasks := _asked.tasks; _told := _told || _asked_runs;
        _done_runs := _done_runs || _asked_runs; _done_counts := _done_counts || _asked.counts; _done_events := _done_events || _asked.events;
        _room := _room - _asked.steps; _free_steps := greatest(0, _free_steps - _asked.steps);
        if _n = json_array_length(_calls) then _calls := null; end if;
      end if;
    end if;
  end if;
  if _calls is not null then
    for _r in select c.key, c.attempt, c.run_id, x.*
                from rows from (json_to_recordset(_calls) as (key bigint, attempt int, "runId" uuid), json_array_elements(_calls), json_array_elements(_plans))
                       as c(key, attempt, run_id, call, plan),
                     pg_temp.settle_call(_worker, c.call, c.plan, _now) x
               where (c.key = any(_asked_keys)) is not true loop
      if _r.status = 'stale' then _stale := _stale || _r.key;
      elsif _r.status = 'left' then _left := _left || _r.key;
      else
        _done := _done + 1; _done_keys := _done_keys || _r.key; _done_attempts := _done_attempts || _r.attempt; _told := _told || _r.run_id;
        _numbered_steps := _numbered_steps + _r.numbered; _numbered_calls := _numbered_calls + _r.called;
        _i := array_position(_done_runs, _r.run_id);
        if _i is null then
          _done_runs := _done_runs || _r.run_id; _done_counts := _done_counts || 1; _done_events := array_append(_done_events, _r.events);
        else
          _done_counts[_i] := _done_counts[_i] + 1; _done_events[_i] := _done_events[_i] || _r.events;
        end if;
      end if;
    end loop;
  end if;
  if _calls is not null or _ending is not null then
    select array_agg(r.last_no order by r.id) into _run_last from run r where r.id = any(_run_ids);
  end if;

  if _done > 0 then
    if _done_gates is not null then
      for _r in select x.key, count(*)::int as n from unnest(_done_gates) as x(key) group by x.key loop
        update gate set remaining = greatest(0, gate.remaining - _r.n) where gate.key = _r.key returning gate.remaining into _i;
        if _i = 0 then _open_gates := _open_gates || _r.key; end if;
      end loop;
    end if;
    select count(*)::int, array_agg(y.key), array_agg(y.n), bool_and(y.n = 1) into _freed, _freed_keys, _freed_counts, _one
      from (select x.key, count(*)::int as n
              from (select e.to_key as key from step_edge e where e.from_key = any(_done_keys)
                    union all
                    select e.to_key from gate_edge e where e.gate_key = any(_open_gates)) x
             group by x.key order by x.key) y;
  end if;

  -- What is first in the queue. If it is of runs that are not locked yet, their locks, as far as nobody else has them; who holds none yet may wait for them, in
  -- order; and then what is still to be had of it. What others hold or were faster to claim is passed by, and asked for once more when this has committed.
  -- No "distinct" beside lists whose order counts: PostgreSQL 16 and later may sort all of them by it.
  loop
    if _room > 0 and (_look_steps or _numbered_steps > 0) then
      if _floor is not null then
        perform 1 from step s where s.kind = 'step' and s.claim_no is not null and s.priority > _floor_priority limit 1;
        if not found then
          select array_agg(q.key), array_agg(q.stage_key), array_agg(q.run_id) filter (where (q.run_id = any(_run_ids)) is not true), min(q.claim_no), max(q.claim_no),
                 count(*)::int, _floor_priority, _floor_priority
            into _step_keys, _other_stages, _wanted, _first_no, _top_no, _queued, _first_priority, _last_priority
            from (select s.key, s.run_id, s.stage_key, s.claim_no from step s
                   where s.kind = 'step' and s.claim_no is not null and s.priority = _floor_priority and s.claim_no >= _floor
                     and (select r.control from run r where r.id = s.run_id) is null
                   order by s.claim_no limit _room) q;
        end if;
      end if;
      if _queued < _room then
        select array_agg(q.key), array_agg(q.stage_key), array_agg(q.run_id) filter (where (q.run_id = any(_run_ids)) is not true), max(q.claim_no),
               count(*)::int, max(q.priority), min(q.priority), min(q.claim_no) filter (where q.place = 1)
          into _step_keys, _other_stages, _wanted, _top_no, _queued, _first_priority, _last_priority, _first_no
          from (select s.key, s.run_id, s.stage_key, s.claim_no, s.priority, row_number() over () as place
                  from (select s.key, s.run_id, s.stage_key, s.claim_no, s.priority from step s
                         where s.kind = 'step' and s.claim_no is not null and (select r.control from run r where r.id = s.run_id) is null
                         order by s.priority desc, s.claim_no limit _room) s) q;
      end if;
    end if;
    exit when _queued = 0 or _freed = 0;
    -- What comes free may go before some of what waits: then all of it gets numbers first.
    perform 1 from unnest(_freed_keys) as f(key), lateral (select s.priority from step s where s.key = f.key offset 0) s where s.priority > _last_priority limit 1;
    exit when not found;
    select x._last, _numbered_steps + x._numbered into _run_last, _numbered_steps
      from pg_temp.release(_freed_keys, _freed_counts, _run_ids, _run_controls, _run_last, 0, _floor_priority, _floor, _now) x;
    _freed := 0; _floor := null; _queued := 0;
  end loop;
  if _free_calls > 0 and (_look_calls or _numbered_calls > 0) then
    select array_agg(q.key), _wanted || array_agg(q.run_id) filter (where (q.run_id = any(_run_ids)) is not true), greatest(_top_no, max(q.claim_no)),
           _queued + count(*)::int
      into _call_keys, _wanted, _top_no, _queued
      from (select s.key, s.run_id, s.claim_no from step s
             where s.kind = _flow and s.claim_no is not null and (select r.control from run r where r.id = s.run_id) is null
             order by s.priority desc, s.claim_no limit _free_calls) q;
  end if;
  if _wanted is not null then
    select array_agg(x.id), array_agg(x.control), array_agg(x.status = 'pending'), array_agg(x.flow_name) into _more_ids, _more_controls, _more_pending, _more_flows
      from (select r.id, r.control, r.status, r.flow_name from run r where r.id = any(_wanted) for update skip locked) x;
    if _more_ids is null and _run_ids is null then
      select array_agg(x.id), array_agg(x.control), array_agg(x.status = 'pending'), array_agg(x.flow_name) into _more_ids, _more_controls, _more_pending, _more_flows
        from (select r.id, r.control, r.status, r.flow_name from run r where r.id = any(_wanted) order by r.id for update) x;
    end if;
    _run_ids := _run_ids || _more_ids; _run_controls := _run_controls || _more_controls; _run_pending := _run_pending || _more_pending;
    _run_flows := _run_flows || _more_flows;
    select array_agg(r.id) into _wanted from unnest(_run_ids, _run_controls) as r(id, control) where r.control is null;
    select array_agg(q.key) filter (where q.kind = 'step'), array_agg(q.key) filter (where q.kind = 'flow'), count(*)::int
      into _step_keys, _call_keys, _n
      from (select s.key, s.kind from step s
             where s.key = any(_step_keys || _call_keys) and coalesce(s.claim_no, 0) > 0 and (s.run_id = any(_wanted)) is true order by s.priority desc, s.claim_no) q;
    _passed := _n < _queued; _queued := _n;
  end if;
  _task_keys := _call_keys || _step_keys;
  _n := coalesce(cardinality(_call_keys), 0);
  _room := _room - _queued + _n; _free_steps := _free_steps + _n; _free_calls := _free_calls - _n;

  -- Dependents: what became ready fills the room that the queue left, the rest gets numbers. A gate may open for 100,000.
  if _freed > 0 and _freed <= _room and _one and not _held then
    -- Those of them that wait for nothing more are claimed with the rest.
    _task_keys := _task_keys || _freed_keys;
  elsif _freed > 0 then
    select x._last, x._room, _task_keys || x._claimable, _numbered_steps + x._numbered into _run_last, _room, _task_keys, _numbered_steps
      from pg_temp.release(_freed_keys, _freed_counts, _run_ids, _run_controls, _run_last, _room, _floor_priority, _floor, _now) x;
  end if;

  if _task_keys is not null then
    if _other_stages is not null and (_other_stages <@ _stage_keys) is not true then
      select _stage_keys || array_agg(t.key), _stage_names || array_agg(t.name), array_agg(t.key) filter (where t.status = 'pending') into _stage_keys, _stage_names, _begun
        from stage t where t.key = any(_other_stages) and (t.key = any(_stage_keys)) is not true;
    end if;
    select array_agg(o.step_key), array_agg(o.env), array_agg(o.timeout_ms) into _option_keys, _option_envs, _option_timeouts
      from step_option o where o.step_key = any(_task_keys);
    if _call_keys is not null then
      select array_agg(c.step_key), array_agg(c.completed_stage), array_agg(c.failed_stage) into _told_keys, _told_completed, _told_failed
        from flow_call c where c.step_key = any(_call_keys);
    end if;
    with c as (
      update step s
         set status = 'running', worker_key = _worker, ran_by = _worker, attempt = s.attempt + 1, deps_remaining = 0, claim_no = null, claimed_at = _now,
             started_at = case when array_position(_task_keys, s.key) <= _free_steps then _now end
       where s.key = any(_task_keys) and (coalesce(s.claim_no, 0) > 0 or s.status || '' = 'pending' and s.deps_remaining = 1)
      returning array_position(_task_keys, s.key) as place, s.key, s.attempt, s.kind, s.run_id, s.id, s.name, s.stage_key, s.sequence,
                coalesce(s.ready_at, s.created_at) as ready_at),
    g as (
      select c.run_id, count(*)::int as n,
             string_agg(',{"type":"' || c.kind || '","data":{"id":' || to_json(c.id) || ',"status":"running","attempt":' || c.attempt || '}}', '') as events
        from c group by c.run_id)
    select c.*, g.* into _claimed, _claim_stages, _tasks, _claim_runs, _claim_counts, _claim_events
      from (select count(*)::int, array_agg(c.stage_key),
                   string_agg('[' || c.place || ',' || c.key || ',' || c.attempt || ',"' || c.kind || '","' || c.run_id || '",'
                     || to_json(_run_flows[array_position(_run_ids, c.run_id)]) || ',' || to_json(c.id) || ',' || to_json(c.name) || ','
                     || coalesce(to_json(_stage_names[array_position(_stage_keys, c.stage_key)])::text, '""') || ',' || coalesce(c.stage_key::text, 'null') || ','
                     || c.sequence || ',' || coalesce(_option_envs[array_position(_option_keys, c.key)], '{}') || ','
                     || coalesce(_option_timeouts[array_position(_option_keys, c.key)]::text, 'null') || ','
                     || coalesce(to_json(_told_completed[array_position(_told_keys, c.key)])::text, '""') || ','
                     || coalesce(to_json(_told_failed[array_position(_told_keys, c.key)])::text, '""')
                     || case when c.place > _queued then ']' else ',' || _now - c.ready_at || ']' end, ',') from c) c,
           (select array_agg(g.run_id), array_agg(g.n), array_agg(g.events) from g) g;
    if _claimed < cardinality(_task_keys) then
      -- Those that wait for more.
      update step s set deps_remaining = s.deps_remaining - 1
       where s.key = any(_task_keys) and s.status || '' = 'pending' and s.deps_remaining + 0 > 1 and coalesce(s.claim_no, 0) = 0;
    end if;
    if _begun is not null then
      for _r in update stage t set status = 'running', started_at = coalesce(t.started_at, _now) where t.key = any(_begun) and t.key = any(_claim_stages)
                returning t.run_id, t.name loop
        _i := array_position(_claim_runs, _r.run_id); _told := _told || _r.run_id;
        _claim_events[_i] := ',{"type":"stage","data":{"name":' || to_json(_r.name) || ',"status":"running"}}' || _claim_events[_i];
      end loop;
    end if;
    if _top_no is not null then
      update worker w set claimed_no = greatest(w.claimed_no, _top_no) where w.key = _worker;
    end if;
  end if;

  if _done + _claimed > 0 then
    with u as (
      update run r
         set active = r.active - coalesce(_done_counts[array_position(_done_runs, r.id)], 0) + coalesce(_claim_counts[array_position(_claim_runs, r.id)], 0),
             last_no = greatest(r.last_no, _run_last[array_position(_run_ids, r.id)]), event_no = r.event_no + 1,
             started_at = case when r.id = any(_claim_runs) then coalesce(r.started_at, _now) else r.started_at end,
             status = case when r.id = any(_over) then 'completed' when r.id = any(_claim_runs) and r.status = 'pending' then 'running' else r.status end,
             open_stages = case when r.id = any(_over) then 0 when r.id = any(_asked_runs) then r.open_stages + 1 else r.open_stages end,
             open_calls = case when r.id = any(_asked_runs) then 0 else r.open_calls end,
             final_stage = case when r.id = any(_asked_runs) then _asked_finals[array_position(_asked_runs, r.id)] else r.final_stage end,
             final_completed = r.final_completed or (r.id = any(_over)) is true,
             completed_stage = case when r.id = any(_over) then _over_names[array_position(_over, r.id)] else r.completed_stage end,
             deadline_at = case when r.id = any(_over) then null else r.deadline_at end,
             completed_at = case when r.id = any(_over) then _now else r.completed_at end
       where r.id = any(_done_runs || _claim_runs)
      returning r.id, r.event_no, r.active = 0 and r.open_stages = 0 and r.open_calls = 0 and r.control is null as over,
                case when r.failed_stage is null then 'completed' else 'failed' end as result),
    e as (
      insert into event (run_id, no, at, body)
      select u.id, u.event_no, _now,
             '[' || substr(coalesce(_done_events[array_position(_done_runs, u.id)], '')
               || case when u.id = any(_over) then ',{"type":"stage","data":{"name":' || to_json(_over_names[array_position(_over, u.id)]) || ',"status":"completed"}}' else '' end
               || case when u.id = any(_claim_runs) and _run_pending[array_position(_run_ids, u.id)] then ',{"type":"run","data":{"status":"running"}}' else '' end
               || coalesce(_claim_events[array_position(_claim_runs, u.id)], '')
               || case when u.over then ',{"type":"run","data":{"status":"' || u.result || '"}}' else '' end, 2) || ']'
        from u)
    select array_agg(u.id) filter (where u.over), array_agg(u.id) filter (where u.over and u.result = 'failed') into _ended, _failed from u;
    if _ended is not null then
      if (_ended <@ _over) is not true then
        update run r set status = case when r.failed_stage is null then 'completed' else 'failed' end, deadline_at = null, completed_at = _now
         where r.id = any(_ended) and (r.id = any(_over)) is not true;
      end if;
      _told := _told || _ended;
    end if;
  end if;

  if cardinality(_started) > 0 then
    update step s set started_at = _now where s.key = any(_started) and s.worker_key is not distinct from _worker and s.status = 'running' and s.started_at is null;
  end if;
  if _outputs is not null then
    insert into step_output (step_key, attempt, stdout, stderr, stdout_bytes, stderr_bytes, stdout_truncated, stderr_truncated)
    select d.key, d.attempt, o.stdout, o.stderr, o."stdoutBytes", o."stderrBytes", o."stdoutTruncated", o."stderrTruncated"
      from json_to_recordset(_outputs) as o(key bigint, stdout text, stderr text, "stdoutBytes" bigint, "stderrBytes" bigint,
                                            "stdoutTruncated" boolean, "stderrTruncated" boolean)
      join unnest(_done_keys, _done_attempts) as d(key, attempt) on d.key = o.key
    on conflict (step_key, attempt) do nothing;
  end if;
  if _fields is not null then
    insert into step_field (step_key, name, value)
    select f.key, f.name, f.value from json_to_recordset(_fields) as f(key bigint, name text, value text) where f.key = any(_done_keys)
    on conflict (step_key, name) do update set value = excluded.value;
  end if;
  if _held then
    select json_agg(json_build_object('runId', r.id, 'word', r.control)) into _controls from unnest(_runs) x(id), lateral (select r.id, r.control from run r where r.id = x.id offset 0) r where r.control is not null;
  end if;
  if _numbered_steps + _numbered_calls > 0 then
    _more := _numbered_steps > 0 and _room = 0 or _numbered_calls > 0 and _free_calls = 0;
    if _more then select count(*) > 1 into _others from worker w where w.status = 'live'; end if;
  end if;
  return '{"tasks":[' || concat_ws(',', _asked_tasks, _tasks) || '],"floor":' || coalesce('[' || _first_priority || ',' || _first_no || ']', 'null') || ',"passed":' || coalesce(_passed, false)
    || case when _left is null and _stale is null and _failing is null and _told is null and _controls is null and _more is null then ''
            else ',"left":' || coalesce(to_json(_left), '[]') || ',"stale":' || coalesce(to_json(_stale), '[]') || ',"failing":' || coalesce(to_json(_failing), '[]')
              || ',"told":' || coalesce(to_json(_told), '[]') || ',"ended":' || coalesce(to_json(_ended), '[]') || ',"failed":' || coalesce(to_json(_failed), '[]') || ',"controls":' || coalesce(_controls, '[]')
              || ',"more":' || coalesce(_more and _others, false) end
    || '}';
end
$body$

-- What a worker sends most: records plain successes, frees their dependents, numbers or claims what became ready, claims more, and writes the events,
-- in one round trip and one transaction. A function of the session, made when the hot connection opens, so that no migration has to know it.
-- Why a function and not one statement: the one statement had 40 CTEs, and setting up its plan cost 0.6 ms even with nothing to do; here an arm
-- without work costs nothing, and every statement has its generic plan. Measured on one machine in one session, see docs/decisions/accelerated-hot-path.md.
-- What would end a stage, or lies in a stage with maxParallel, is left to the general verbs ("left"), which settle stages and runs.
-- Locks: the worker's row, the runs of the outcomes in id order, then other runs that have something to claim with skip locked; each is the mutex of everything
-- below it, and no row of a step is ever waited for or locked before its run: docs/decisions/one-lock-order.md. Each statement of a volatile function has a snapshot
-- of its own, so what is read after the runs are locked is the latest.
create or replace function pg_temp.exchange(
  _worker bigint, _round bigint, _keys bigint[], _attempts int[], _stages bigint[], _durations bigint[], _cpu int[], _rss bigint[], _runs uuid[],
  _outputs json, _fields json, _free_steps int, _ahead_steps int, _free_calls int,
  out tasks json, out "left" bigint[], out stale bigint[], out controls json, out failing bigint[], out changed uuid[], out numbered bigint,
  out passed boolean)
language plpgsql as $body$
declare
  room int := _free_steps + _ahead_steps;
  now_room int := _free_steps;
  call_room int := _free_calls;
  step_keys bigint[] := '{}'; step_runs uuid[] := '{}'; call_keys bigint[] := '{}'; call_runs uuid[] := '{}'; top_no bigint;
  run_ids uuid[] := '{}'; run_free boolean[] := '{}'; run_last bigint[] := '{}'; run_pending uuid[] := '{}';
  first_keys bigint[]; wanted uuid[]; got int; more uuid[]; more_pending uuid[];
  done_keys bigint[] := '{}'; done_runs uuid[] := '{}'; done_stages bigint[] := '{}'; done_gates bigint[]; done_ids text[]; done_attempts int[];
  open_gates bigint[] := '{}'; freed_keys bigint[]; freed_counts int[];
  ready_keys bigint[] := '{}'; ready_runs uuid[] := '{}'; number_runs uuid[] := '{}'; numbers bigint[] := '{}';
  task_keys bigint[]; task_runs uuid[]; task_stages bigint[]; begun_stages bigint[];
begin
  passed := false;
  -- Nothing for a worker whose registration is over, nor for a request of an earlier round, which its sender gave up before it asked what it owns.
  -- A rescue, or a new round, comes before this or after it, never between; the lease may be renewed meanwhile.
  if room + call_room > 0 then
    perform 1 from worker where key = _worker and status = 'live' and round <= _round for key share;
    if not found then room := 0; now_room := 0; call_room := 0; end if;
  end if;

  if cardinality(_runs) > 0 then
    select coalesce(array_agg(x.id), '{}'), array_agg(x.control is null), array_agg(x.last_no), array_agg(x.id) filter (where x.status = 'pending'),
           json_agg(json_build_object('runId', x.id, 'word', x.control)) filter (where x.control is not null)
      into run_ids, run_free, run_last, run_pending, controls
      from (select r.id, r.control, r.last_no, r.status from run r where r.id = any(_runs) order by r.id for update) x;
  end if;

  -- What is first in the queue, and the locks of its runs, as far as nobody else has them; who holds none yet may wait for them, in order. Then what is still to be
  -- had of it. What others hold or were faster to claim is passed by, and asked for once more when this has committed.
  if room + call_room > 0 then
    select array_agg(q.key), array_agg(distinct q.run_id) filter (where not q.run_id = any(run_ids)) into first_keys, wanted
      from ((select s.key, s.run_id from step s
              where s.kind = 'step' and s.claim_no is not null and not exists (select 1 from run r where r.id = s.run_id and r.control is not null)
              order by s.priority desc, s.claim_no limit room)
            union all
            (select s.key, s.run_id from step s
              where s.kind = 'flow' and s.claim_no is not null and not exists (select 1 from run r where r.id = s.run_id and r.control is not null)
              order by s.priority desc, s.claim_no limit call_room)) q;
  end if;
  if wanted is not null then
    select count(*), array_agg(x.id) filter (where x.control is null), array_agg(x.id) filter (where x.status = 'pending') into got, more, more_pending
      from (select r.id, r.control, r.status from run r where r.id = any(wanted) for update skip locked) x;
    if got = 0 and cardinality(run_ids) = 0 then
      select array_agg(x.id) filter (where x.control is null), array_agg(x.id) filter (where x.status = 'pending') into more, more_pending
        from (select r.id, r.control, r.status from run r where r.id = any(wanted) order by r.id for update) x;
    end if;
    run_pending := run_pending || more_pending;
  end if;
  if first_keys is not null then
    select array_agg(s.key order by s.priority desc, s.claim_no) filter (where s.kind = 'step'), array_agg(s.run_id order by s.priority desc, s.claim_no) filter (where s.kind = 'step'),
           array_agg(s.key order by s.priority desc, s.claim_no) filter (where s.kind = 'flow'), array_agg(s.run_id order by s.priority desc, s.claim_no) filter (where s.kind = 'flow'),
           max(s.claim_no), count(*) < cardinality(first_keys)
      into step_keys, step_runs, call_keys, call_runs, top_no, passed
      from step s where s.key = any(first_keys) and s.claim_no is not null and s.run_id = any(run_ids || more);
    step_keys := coalesce(step_keys, '{}'); step_runs := coalesce(step_runs, '{}'); call_keys := coalesce(call_keys, '{}'); call_runs := coalesce(call_runs, '{}');
  end if;
  room := room - cardinality(step_keys);
  now_room := now_room - cardinality(step_keys);

  if cardinality(_keys) > 0 then
    with d as (
      update step s
         set status = 'completed', worker_key = null, completed_at = now_ms(), started_at = coalesce(s.started_at, now_ms() - e.duration_ms),
             exit_code = 0, cpu_ms = e.cpu_ms, max_rss_bytes = e.max_rss_bytes
        from (select i.*, row_number() over (partition by i.stage_key order by i.key) as place
                from unnest(_keys, _attempts, _stages, _durations, _cpu, _rss) as i(key, attempt, stage_key, duration_ms, cpu_ms, max_rss_bytes)) e
        join stage t on t.key = e.stage_key and e.place < t.open_steps and t.max_parallel is null
       where s.key = e.key and s.status = 'running' and s.worker_key = _worker and s.attempt = e.attempt
      returning s.key, s.run_id, s.stage_key, s.gate_key, s.id, s.attempt)
    select coalesce(array_agg(d.key), '{}'), coalesce(array_agg(d.run_id), '{}'), coalesce(array_agg(d.stage_key), '{}'),
           array_agg(d.gate_key) filter (where d.gate_key is not null), array_agg(d.id), array_agg(d.attempt)
      into done_keys, done_runs, done_stages, done_gates, done_ids, done_attempts from d;
    if cardinality(done_keys) < cardinality(_keys) then
      select array_agg(i.key) filter (where s.key is not null), array_agg(i.key) filter (where s.key is null) into "left", stale
        from unnest(_keys, _attempts) as i(key, attempt)
        left join step s on s.key = i.key and s.status = 'running' and s.worker_key = _worker and s.attempt = i.attempt
       where not i.key = any(done_keys);
    end if;
    select array_agg(key) into failing from stage where key = any(_stages) and fail_fast and failed_steps > 0;
  end if;

  if cardinality(done_keys) > 0 then
    if done_gates is not null then
      with g as (
        update gate set remaining = greatest(0, gate.remaining - c.n)
          from (select x.key, count(*)::int as n from unnest(done_gates) as x(key) group by x.key) c
         where gate.key = c.key
        returning gate.key, gate.remaining)
      select coalesce(array_agg(g.key) filter (where g.remaining = 0), '{}') into open_gates from g;
    end if;
    select array_agg(y.to_key), array_agg(y.n) into freed_keys, freed_counts
      from (select x.to_key, count(*)::int as n
              from (select e.to_key from step_edge e where e.from_key = any(done_keys)
                    union all
                    select e.to_key from gate_edge e where e.gate_key = any(open_gates)) x
             group by x.to_key) y;
  end if;

  -- Dependents: what became ready fills the room that the queue left, the rest gets numbers. One pass: a gate may open for 100,000.
  if freed_keys is not null then
    with dependents as materialized (
      select s.key, s.run_id, s.priority, s.deps_remaining - f.n as left_over
        from unnest(freed_keys, freed_counts) as f(key, n) join step s on s.key = f.key
       where s.status = 'pending' and s.deps_remaining > 0
    ), placed as materialized (
      select d.*, r.last_no, d.left_over <= 0 and r.free as ready,
             row_number() over (partition by d.left_over <= 0 and r.free order by d.priority desc, d.key) as place
        from dependents d join unnest(run_ids, run_free, run_last) as r(id, free, last_no) on r.id = d.run_id
    ), bases as materialized (
      select p.priority, coalesce((select min(s.claim_no) from step s where s.claim_no is not null and s.kind = 'step' and s.priority = p.priority),
                                  (select max(claimed_no) from worker), 0) as waiting_no
        from (select distinct priority from placed where ready and place > room) p
    ), decided as materialized (
      select d.key, d.run_id, d.left_over, d.place, d.ready and d.place <= room as claimed, d.ready and d.place <= now_room as starts,
             case when d.ready and d.place > room
                  then greatest(b.waiting_no, d.last_no)
                       + row_number() over (partition by d.run_id, d.priority, d.ready and d.place > room order by d.key) end as no
        from placed d left join bases b on b.priority = d.priority
    ), advanced as (
      update step s
         set deps_remaining = greatest(0, d.left_over), claim_no = d.no,
             status = case when d.claimed then 'running' else s.status end,
             worker_key = case when d.claimed then _worker end,
             ran_by = case when d.claimed then _worker else s.ran_by end,
             attempt = case when d.claimed then s.attempt + 1 else s.attempt end,
             claimed_at = case when d.claimed then now_ms() end,
             started_at = case when d.starts then now_ms() end
        from decided d
       where s.key = d.key
      returning s.key, s.run_id, d.claimed, d.place, d.no)
    select coalesce(array_agg(a.key order by a.place) filter (where a.claimed), '{}'),
           coalesce(array_agg(a.run_id order by a.place) filter (where a.claimed), '{}'),
           coalesce(array_agg(a.run_id) filter (where a.no is not null), '{}'), coalesce(array_agg(a.no) filter (where a.no is not null), '{}')
      into ready_keys, ready_runs, number_runs, numbers from advanced a;
  end if;

  task_keys := call_keys || step_keys || ready_keys;
  task_runs := call_runs || step_runs || ready_runs;
  if cardinality(step_keys) + cardinality(call_keys) > 0 then
    update step s
       set status = 'running', worker_key = _worker, ran_by = _worker, attempt = s.attempt + 1, claim_no = null, claimed_at = now_ms(),
           started_at = case when k.place <= cardinality(call_keys) + _free_steps then now_ms() end
      from unnest(call_keys || step_keys) with ordinality as k(key, place)
     where s.key = k.key;
    update worker set claimed_no = greatest(claimed_no, top_no) where key = _worker;
  end if;

  -- Counters of the stages: finished steps, and the first claim, which starts them. What was freed here lies in a stage that runs.
  if cardinality(step_keys) > 0 then
    select array_agg(distinct t.key) into begun_stages
      from step s join stage t on t.key = s.stage_key where s.key = any(step_keys) and t.status = 'pending';
  end if;
  if cardinality(done_keys) > 0 then
    update stage t set open_steps = t.open_steps - x.n
      from (select d.key, count(*)::int as n from unnest(done_stages) as d(key) group by d.key) x
     where t.key = x.key;
  end if;
  if begun_stages is not null then
    update stage set status = 'running', started_at = coalesce(started_at, now_ms()) where key = any(begun_stages);
  end if;

  if cardinality(done_keys) + cardinality(task_keys) > 0 then
    with touched as (
      select x.run_id, sum(x.done)::int as done, sum(x.claims)::int as claims, max(x.no) as max_no
        from (select d.run_id, 1 as done, 0 as claims, 0::bigint as no from unnest(done_runs) as d(run_id)
              union all select t.run_id, 0, 1, 0 from unnest(task_runs) as t(run_id)
              union all select n.run_id, 0, 0, n.no from unnest(number_runs, numbers) as n(run_id, no)) x
       group by x.run_id
    ), moved as (
      update run r
         set active = r.active - x.done + x.claims, last_no = greatest(r.last_no, x.max_no), event_no = r.event_no + 1,
             status = case when r.status = 'pending' and x.claims > 0 then 'running' else r.status end,
             started_at = case when x.claims > 0 then coalesce(r.started_at, now_ms()) else r.started_at end
        from touched x where r.id = x.run_id
      returning r.id, r.event_no
    ), change as (
      select r.id as run_id, 0 as rank, 0::bigint as place, '{"type":"run","data":{"status":"running"}}' as body
        from unnest(run_pending) as r(id) where r.id = any(task_runs)
      union all
      select t.run_id, 1, t.key, json_build_object('type', 'stage', 'data', json_build_object('name', t.name, 'status', 'running'))::text
        from stage t where t.key = any(begun_stages)
      union all
      select d.run_id, 2, d.key, '{"type":"step","data":{"id":' || to_json(d.id) || ',"status":"completed","attempt":' || d.attempt || ',"exitCode":0}}'
        from unnest(done_runs, done_keys, done_ids, done_attempts) as d(run_id, key, id, attempt)
      union all
      select s.run_id, 3, s.key, '{"type":"' || s.kind || '","data":{"id":' || to_json(s.id) || ',"status":"running","attempt":' || s.attempt || '}}'
        from step s where s.key = any(task_keys)
    ), written as (
      insert into event (run_id, no, at, body)
      select m.id, m.event_no, now_ms(), '[' || string_agg(c.body, ',' order by c.rank, c.place) || ']'
        from moved m join change c on c.run_id = m.id
       group by m.id, m.event_no
      returning run_id)
    select array_agg(run_id) into changed from written;
  end if;

  if _outputs is not null then
    insert into step_output (step_key, attempt, stdout, stderr, stdout_bytes, stderr_bytes, stdout_truncated, stderr_truncated)
    select d.key, d.attempt, o.stdout, o.stderr, o."stdoutBytes", o."stderrBytes", o."stdoutTruncated", o."stderrTruncated"
      from json_to_recordset(_outputs) as o(key bigint, stdout text, stderr text, "stdoutBytes" bigint, "stderrBytes" bigint,
                                            "stdoutTruncated" boolean, "stderrTruncated" boolean)
      join unnest(done_keys, done_attempts) as d(key, attempt) on d.key = o.key
    on conflict (step_key, attempt) do nothing;
  end if;
  if _fields is not null then
    insert into step_field (step_key, name, value)
    select f.key, f.name, f.value from json_to_recordset(_fields) as f(key bigint, name text, value text) where f.key = any(done_keys)
    on conflict (step_key, name) do update set value = excluded.value;
  end if;

  if cardinality(task_keys) > 0 then
    select json_agg(json_build_object(
             'key', s.key, 'attempt', s.attempt, 'kind', s.kind, 'runId', s.run_id, 'flowName', r.flow_name, 'id', s.id, 'name', s.name,
             'stageName', coalesce(t.name, ''), 'stageKey', s.stage_key, 'sequence', s.sequence, 'env', coalesce(o.env, '{}'),
             'timeoutMs', o.timeout_ms, 'completedStage', coalesce(c.completed_stage, ''), 'failedStage', coalesce(c.failed_stage, ''),
             'control', r.control, 'stageStatus', t.status) order by k.place)
      into tasks
      from unnest(task_keys) with ordinality as k(key, place)
      join step s on s.key = k.key
      join run r on r.id = s.run_id
      left join stage t on t.key = s.stage_key
      left join step_option o on o.step_key = s.key
      left join flow_call c on c.step_key = s.key;
  end if;
  numbered := cardinality(numbers);
end
$body$

-- The exchange that tells of nothing and claims what waits: half of what pg_temp.exchange costs for it, whose rules of locks and plans hold here, too.
-- "_floor": as there.
create or replace function pg_temp.claim(
  _worker bigint, _round bigint, _free_steps int, _ahead_steps int, _free_calls int, _look_steps boolean, _look_calls boolean, _floor_priority int, _floor bigint)
returns text language plpgsql as $body$
declare
  _now bigint := now_ms(); _flow text := 'flow'; _room int := _free_steps + _ahead_steps; _locked boolean;
  _step_keys bigint[]; _call_keys bigint[]; _keys bigint[]; _stages bigint[]; _wanted uuid[]; _call_runs uuid[]; _top_no bigint; _top_call bigint; _first_no bigint; _first_priority int;
  _runs uuid[]; _flows text[]; _pending uuid[]; _stage_keys bigint[]; _stage_names text[]; _begun bigint[]; _option_keys bigint[]; _option_envs text[]; _option_timeouts bigint[];
  _told_keys bigint[]; _told_completed text[]; _told_failed text[]; _claimed int := 0; _tasks text; _claim_keys bigint[]; _claim_stages bigint[]; _claim_runs uuid[];
  _counts int[]; _events text[]; _told uuid[]; _r record; _i int;
begin
  -- The expression comes before the statements, and so before their snapshots. Nothing for a worker whose registration is over, nor for an earlier round.
  _locked := pg_advisory_xact_lock_shared(1297111377, _worker::int) is not null;
  if _look_steps and _room > 0 then
    if _floor is not null then
      select array_agg(q.key), array_agg(q.stage_key), array_agg(q.run_id), min(q.claim_no), max(q.claim_no), _floor_priority
        into _step_keys, _stages, _wanted, _first_no, _top_no, _first_priority
        from (select s.key, s.run_id, s.stage_key, s.claim_no from step s
               where s.kind = 'step' and s.claim_no is not null and s.priority = _floor_priority and s.claim_no >= _floor
                 and (select h.key from step h where h.kind = 'step' and h.claim_no is not null and h.priority > _floor_priority limit 1) is null
                 and (select r.control from run r where r.id = s.run_id) is null
               order by s.claim_no
               limit coalesce((select _room from worker w where w.key = _worker and w.status = 'live' and w.round <= _round), 0)) q;
    end if;
    if (cardinality(_step_keys) = _room) is not true then
      select array_agg(q.key), array_agg(q.stage_key), array_agg(q.run_id), max(q.claim_no), max(q.priority), min(q.claim_no) filter (where q.place = 1)
        into _step_keys, _stages, _wanted, _top_no, _first_priority, _first_no
        from (select s.key, s.run_id, s.stage_key, s.claim_no, s.priority, row_number() over () as place
                from (select s.key, s.run_id, s.stage_key, s.claim_no, s.priority from step s
                       where s.kind = 'step' and s.claim_no is not null and (select r.control from run r where r.id = s.run_id) is null
                       order by s.priority desc, s.claim_no
                       limit coalesce((select _room from worker w where w.key = _worker and w.status = 'live' and w.round <= _round), 0)) s) q;
    end if;
  end if;
  if _look_calls and _free_calls > 0 then
    select array_agg(q.key), array_agg(q.run_id), max(q.claim_no) into _call_keys, _call_runs, _top_call
      from (select s.key, s.run_id, s.claim_no from step s
             where s.kind = _flow and s.claim_no is not null and (select r.control from run r where r.id = s.run_id) is null
             order by s.priority desc, s.claim_no
             limit coalesce((select _free_calls from worker w where w.key = _worker and w.status = 'live' and w.round <= _round), 0)) q;
    _wanted := _wanted || _call_runs;
  end if;
  if _wanted is null then return '{"tasks":[],"floor":null,"passed":false}'; end if;

  -- The locks of their runs, as far as nobody else has them; if it gets none, it waits for them, in order. What others were faster to claim is passed by.
  select array_agg(x.id), array_agg(x.flow_name), array_agg(x.id) filter (where x.status = 'pending') into _runs, _flows, _pending
    from (select r.id, r.flow_name, r.status from run r where r.id = any(_wanted) and r.control is null for update skip locked) x;
  if _runs is null then
    select array_agg(x.id), array_agg(x.flow_name), array_agg(x.id) filter (where x.status = 'pending') into _runs, _flows, _pending
      from (select r.id, r.flow_name, r.status from run r where r.id = any(_wanted) and r.control is null order by r.id for update) x;
  end if;
  _keys := _call_keys || _step_keys;
  _free_steps := _free_steps + coalesce(cardinality(_call_keys), 0);
  if _step_keys is not null then
    select t.*, o.* into _stage_keys, _stage_names, _begun, _option_keys, _option_envs, _option_timeouts
      from (select array_agg(t.key), array_agg(t.name), array_agg(t.key) filter (where t.status = 'pending') from stage t where t.key = any(_stages)) t,
           (select array_agg(o.step_key), array_agg(o.env), array_agg(o.timeout_ms) from step_option o where o.step_key = any(_step_keys)) o;
  end if;
  if _call_keys is not null then
    select array_agg(c.step_key), array_agg(c.completed_stage), array_agg(c.failed_stage) into _told_keys, _told_completed, _told_failed
      from flow_call c where c.step_key = any(_call_keys);
  end if;
  with c as (
    update step s
       set status = 'running', worker_key = _worker, ran_by = _worker, attempt = s.attempt + 1, claim_no = null, claimed_at = _now,
           started_at = case when array_position(_keys, s.key) <= _free_steps then _now end
     where s.key = any(_keys) and coalesce(s.claim_no, 0) > 0 and (s.run_id = any(_runs)) is true
    returning array_position(_keys, s.key) as place, s.key, s.attempt, s.kind, s.run_id, s.id, s.name, s.stage_key, s.sequence, coalesce(s.ready_at, s.created_at) as ready_at),
  g as (
    select c.run_id, count(*)::int as n,
           string_agg(',{"type":"' || c.kind || '","data":{"id":' || to_json(c.id) || ',"status":"running","attempt":' || c.attempt || '}}', '') as events
      from c group by c.run_id)
  select c.*, g.* into _claimed, _claim_keys, _claim_stages, _tasks, _claim_runs, _counts, _events
    from (select count(*)::int, array_agg(c.key), array_agg(c.stage_key),
                 string_agg('[' || c.place || ',' || c.key || ',' || c.attempt || ',"' || c.kind || '","' || c.run_id || '",'
                   || to_json(_flows[array_position(_runs, c.run_id)]) || ',' || to_json(c.id) || ',' || to_json(c.name) || ','
                   || coalesce(to_json(_stage_names[array_position(_stage_keys, c.stage_key)])::text, '""') || ',' || coalesce(c.stage_key::text, 'null') || ','
                   || c.sequence || ',' || coalesce(_option_envs[array_position(_option_keys, c.key)], '{}') || ','
                   || coalesce(_option_timeouts[array_position(_option_keys, c.key)]::text, 'null') || ','
                   || coalesce(to_json(_told_completed[array_position(_told_keys, c.key)])::text, '""') || ','
                   || coalesce(to_json(_told_failed[array_position(_told_keys, c.key)])::text, '""') || ',' || _now - c.ready_at || ']', ',') from c) c,
         (select array_agg(g.run_id), array_agg(g.n), array_agg(g.events) from g) g;
  if _claimed > 0 then
    if _claimed < cardinality(_keys) then
      -- Those that come later are first now.
      update step s set started_at = _now
       where s.started_at is null
         and s.key = any(array(select k.key from unnest(_keys) with ordinality as k(key, place) where k.key = any(_claim_keys) order by k.place
                                limit _free_steps - coalesce(cardinality(_call_keys), 0)
                                    + (select count(*) from unnest(_call_keys) as k(key) where k.key = any(_claim_keys))));
    end if;
    if _begun is not null then
      for _r in update stage t set status = 'running', started_at = coalesce(t.started_at, _now) where t.key = any(_begun) and t.key = any(_claim_stages)
                returning t.run_id, t.name loop
        _i := array_position(_claim_runs, _r.run_id); _told := _told || _r.run_id;
        _events[_i] := ',{"type":"stage","data":{"name":' || to_json(_r.name) || ',"status":"running"}}' || _events[_i];
      end loop;
    end if;
    with u as (
      update run r
         set active = r.active + _counts[array_position(_claim_runs, r.id)], event_no = r.event_no + 1, started_at = coalesce(r.started_at, _now),
             status = case when r.status = 'pending' then 'running' else r.status end
       where r.id = any(_claim_runs)
      returning r.id, r.event_no),
    w as (update worker w set claimed_no = greatest(w.claimed_no, _top_no, _top_call) where w.key = _worker)
    insert into event (run_id, no, at, body)
    select u.id, u.event_no, _now,
           '[' || substr(case when u.id = any(_pending) then ',{"type":"run","data":{"status":"running"}}' else '' end || _events[array_position(_claim_runs, u.id)], 2) || ']'
      from u;
  end if;
  return '{"tasks":[' || coalesce(_tasks, '') || '],"floor":' || coalesce('[' || _first_priority || ',' || _first_no || ']', 'null') || ',"passed":' || (_claimed < cardinality(_keys))
    || case when _told is null then '' else ',"told":' || to_json(_told) end || '}';
end
$body$

-- Records the flow calls, of "_calls", that asked for stages, of "_plans", all of whose steps can start at once ("starts": how many), in one statement: their steps are stored running, as many as fit into
-- "_room", the first "_free" of them as started. Nothing waits in the queue, and the rows of their runs are locked by this transaction. What the run's own row tells of it is left to
-- the caller: no call is open, "counts" fewer are active, and there is one stage more, "finals" or not. Other calls, and those of "_others", it does not touch.
create or replace function pg_temp.begin_stages(
  _worker bigint, _calls json, _plans json, _others uuid[], _room int, _free int, _now bigint,
  out keys bigint[], out attempts int[], out runs uuid[], out counts int[], out finals boolean[], out events text[], out steps int, out tasks text)
language plpgsql as $body$
begin
  with x as (
    select y.* from (
      select c.*, p.*, s.call, r.flow_name, r.run_priority, sum(c.starts) over (rows unbounded preceding) as last
        from (select c.*
                from rows from (json_to_recordset(_calls) as (key bigint, attempt int, "runId" uuid, "exitCode" int, "durationMs" bigint, "cpuMs" int, "maxRssBytes" bigint, starts int),
                                json_array_elements(_plans)) as c(key, attempt, "runId", "exitCode", "durationMs", "cpuMs", "maxRssBytes", starts, plan)
               where c.starts <= _room offset 0) c,
             lateral (select r.flow_name, r.priority as run_priority from run r
                       where r.id = c."runId" and r.control is null and r.open_calls = 1 and not r.final_stage and r.status || '' = 'running' offset 0) r,
             lateral (select s.id as call from step s
                       where s.key = c.key and s.status || '' = 'running' and s.worker_key is not distinct from _worker and s.attempt = c.attempt offset 0) s,
             lateral (select p.stage, p.final, p."failFast", p.recover, p.hash, p.output, p.priority, p.groups, array(select json_array_elements_text(p.ids)) as ids
                        from json_to_record(c.plan) as p(stage text, final boolean, "failFast" boolean, recover boolean, hash text, output text, priority int, ids json,
                                                         groups json) offset 0) p
       where (c."runId" = any(_others)) is not true
         and (select not f.accepted and f.refusal is null and f.failed_stage = '' from flow_call f where f.step_key = c.key)
         and (select t.key from stage t where t.run_id = c."runId" and t.name = p.stage and t.superseded = 0) is null
         and (select s.key from unnest(p.ids) as i(id), lateral (select s.key from step s where s.run_id = c."runId" and s.id = i.id and s.superseded = 0 offset 0) s limit 1) is null) y
     where y.last <= _room),
  t as (
    insert into stage (run_id, name, status, final, fail_fast, recover, after_failure, total_steps, open_steps, body_hash, output, created_at, started_at)
    select x."runId", x.stage, 'running', x.final, x."failFast", x.recover, false, x.starts, x.starts, x.hash, x.output, _now, _now from x
    returning stage.key, stage.run_id),
  i as (
    insert into step (run_id, stage_key, kind, id, name, sequence, status, priority, deps_remaining, attempt, max_retries, worker_key, ran_by, created_at, claimed_at, started_at)
    select x."runId", (select t.key from t where t.run_id = x."runId"), 'step', x.ids[g.first + n], g.name, g.sequence + n * g.stride, 'running',
           coalesce(x.priority, x.run_priority), 0, 1, g.retries,
           _worker, _worker, _now, _now, case when x.last - x.starts + g.place + n <= _free then _now end
      from x, json_to_recordset(x.groups) as g(first int, count int, name text, sequence int, stride int, retries int, place int), generate_series(0, g.count - 1) n
    returning step.key, step.run_id, step.stage_key, step.id, step.name, step.sequence),
  u as (
    update step s
       set status = 'completed', worker_key = null, completed_at = _now,
           (started_at, exit_code, cpu_ms, max_rss_bytes) =
             (select coalesce(s.started_at, _now - x."durationMs"), x."exitCode", x."cpuMs", x."maxRssBytes" from x where x.key = s.key)
     where s.key = any(array(select x.key from x)))
  select array_agg(x.key), array_agg(x.attempt), array_agg(x."runId"), array_agg(1 - x.starts), array_agg(x.final), sum(x.starts)::int, string_agg(n.tasks, ','),
         array_agg(',{"type":"stage","data":{"name":' || to_json(x.stage) || ',"status":"pending","steps":' || x.starts || '}},{"type":"flow","data":{"id":' || to_json(x.call)
           || ',"status":"completed","attempt":' || x.attempt || ',"exitCode":' || x."exitCode" || ',"signal":null}},{"type":"stage","data":{"name":' || to_json(x.stage)
           || ',"status":"running"}}' || n.events)
    into keys, attempts, runs, counts, finals, steps, tasks, events
    from x,
         lateral (select string_agg('[0,' || i.key || ',1,"step","' || x."runId" || '",' || to_json(x.flow_name) || ',' || to_json(i.id) || ',' || to_json(i.name) || ','
                           || to_json(x.stage) || ',' || i.stage_key || ',' || i.sequence || ',{},null,"",""]', ',') as tasks,
                         string_agg(',{"type":"step","data":{"id":' || to_json(i.id) || ',"status":"running","attempt":1}}', '') as events
                    from i where i.run_id = x."runId") n;
end
$body$

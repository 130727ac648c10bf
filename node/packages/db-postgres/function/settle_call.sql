-- Records a flow call that ended well, with what it asked for, a stage being "_plan"; its run's row is locked by this transaction. "status": recorded; stale: the attempt is no longer this worker's;
-- left: for the general verbs, nothing was stored. Calls of one run never overlap: if others of it wait, the oldest becomes claimable ("called").
create or replace function pg_temp.settle_call(_worker bigint, _call json, _plan json, _now bigint, out status text, out events text, out numbered int, out called int)
language plpgsql as $body$
declare
  _key bigint := (_call ->> 'key')::bigint; _attempt int := (_call ->> 'attempt')::int; _run uuid := (_call ->> 'runId')::uuid; _asks text := _call ->> 'asks';
  _id text; _c record; _r record; _next bigint;
begin
  numbered := 0; called := 0;
  select s.id into _id from step s
   where s.key = _key and s.status = 'running' and s.worker_key is not distinct from _worker and s.attempt = _attempt;
  if not found then status := 'stale'; return; end if;
  select c.failed_stage, c.accepted, c.refusal into _c from flow_call c where c.step_key = _key;
  select r.open_calls, r.control into _r from run r where r.id = _run;
  status := 'left';
  if _c.refusal is not null or _r.open_calls < 1 or _r.control is not null or _asks = 'invalid' and not _c.accepted
     or _asks = 'final' and _call ->> 'output' is not null and _c.failed_stage <> '' then return; end if;
  if _r.open_calls > 1 then
    select c.key into _next from step c
     where c.run_id = _run and c.kind = 'flow' and c.key > _key and c.status || '' = 'pending' and c.superseded + 0 = 0
       and coalesce(c.claim_no, 0) = 0 and c.deps_remaining + 0 = 0 and coalesce(c.due_at, 0) = 0
     order by c.key limit 1;
    if not found then return; end if;
  end if;
  events := '';
  if not _c.accepted and _asks = 'stage' then
    select p.events, p.numbered into events, numbered
      from pg_temp.store_plan(
        _run, _plan, _c.failed_stage <> '' and (select t.handled from stage t where t.run_id = _run and t.name = _c.failed_stage and t.superseded = 0) is not true, null, _now) p;
    if events is null then numbered := 0; return; end if;
  elsif not _c.accepted and _asks = 'final' and _call ->> 'output' is not null then
    update run_detail d set output = _call ->> 'output' where d.run_id = _run;
  end if;
  update step s
     set status = 'completed', worker_key = null, completed_at = _now, started_at = coalesce(s.started_at, _now - (_call ->> 'durationMs')::bigint),
         exit_code = (_call ->> 'exitCode')::int, cpu_ms = (_call ->> 'cpuMs')::int, max_rss_bytes = (_call ->> 'maxRssBytes')::bigint
   where s.key = _key;
  update run r set open_calls = r.open_calls - 1 where r.id = _run;
  if _next is not null then
    update step s set claim_no = pg_temp.waiting_no('flow', s.priority, 0) + 1, ready_at = _now where s.key = _next;
    called := 1;
  end if;
  events := events || ',{"type":"flow","data":{"id":' || to_json(_id) || ',"status":"completed","attempt":' || _attempt || ',"exitCode":' || (_call ->> 'exitCode') || ',"signal":null}}';
  status := 'recorded';
end
$body$

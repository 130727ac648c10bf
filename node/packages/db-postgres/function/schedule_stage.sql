-- A request over HTTP to add a stage to a run; "_key" and "_attempt" are those of the script that asks, null for anybody else. Answers how many steps became claimable;
-- null, and nothing is stored, if something speaks against it: then the general verb finds out what, and says so.
create or replace function pg_temp.schedule_stage(_run uuid, _plan json, _key bigint, _attempt int) returns int language plpgsql as $body$
declare _now bigint := now_ms(); _stage bigint; _after_failure boolean := false; _stored record; _event_no bigint;
begin
  perform 1 from run r where r.id = _run for update;
  if not found then return null; end if;
  if _key is not null then
    select s.stage_key into _stage from step s where s.key = _key and s.attempt = _attempt and s.status = 'running' and s.run_id is not distinct from _run;
    if not found then return null; end if;
    if _stage is null then
      select c.failed_stage <> '' and (select t.handled from stage t where t.run_id = _run and t.name = c.failed_stage and t.superseded = 0) is not true into _after_failure
        from flow_call c where c.step_key = _key;
    else
      select t.after_failure into _after_failure from stage t where t.key = _stage;
    end if;
  end if;
  select p.events, p.numbered into _stored from pg_temp.store_plan(_run, _plan, _after_failure, case when _stage is not null then _key end, _now) p;
  if _stored.events is null then return null; end if;
  if _key is not null then
    update flow_call c set accepted = true, refusal = null where c.step_key = _key;
  end if;
  update run r set event_no = r.event_no + 1 where r.id = _run returning r.event_no into _event_no;
  insert into event (run_id, no, at, body) values (_run, _event_no, _now, '[' || substr(_stored.events, 2) || ']');
  return _stored.numbered;
end
$body$

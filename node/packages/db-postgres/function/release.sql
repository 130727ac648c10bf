-- What became ready of steps that others waited for: by priority, as many as there is room are answered to be claimed; the rest gets claim numbers, and nothing of a run with
-- a word on it. Each loses "_counts" of what it waits for. "_last": the last number of each run, as it was and as it is; "_floor": as in pg_temp.exchange.
create or replace function pg_temp.release(
  _keys bigint[], _counts int[], _runs uuid[], _controls text[], inout _last bigint[], inout _room int, _floor_priority int, _floor bigint, _now bigint,
  out _claimable bigint[], out _numbered int)
language plpgsql as $body$
declare _r record; _i int; _base bigint; _base_priority int;
begin
  _numbered := 0;
  for _r in select s.key, s.run_id, s.priority, s.deps_remaining, f.n
              from unnest(_keys, _counts) as f(key, n),
                   lateral (select s.key, s.run_id, s.priority, s.deps_remaining from step s
                             where s.key = f.key and s.status || '' = 'pending' and s.deps_remaining + 0 > 0 offset 0) s
             order by s.priority desc, s.key loop
    _i := array_position(_runs, _r.run_id);
    if _r.deps_remaining > _r.n or _controls[_i] is not null then
      update step s set deps_remaining = greatest(0, _r.deps_remaining - _r.n) where s.key = _r.key;
    elsif _room > 0 then
      _claimable := _claimable || _r.key; _room := _room - 1;
      if _r.deps_remaining > 1 then update step s set deps_remaining = 1 where s.key = _r.key; end if;
    else
      if _base_priority is distinct from _r.priority then
        _base_priority := _r.priority;
        _base := pg_temp.waiting_no('step', _r.priority, case when _floor_priority = _r.priority then _floor else 0 end);
      end if;
      _numbered := _numbered + 1; _last[_i] := greatest(_base, _last[_i]) + 1;
      update step s set deps_remaining = 0, claim_no = _last[_i], ready_at = _now where s.key = _r.key;
    end if;
  end loop;
end
$body$

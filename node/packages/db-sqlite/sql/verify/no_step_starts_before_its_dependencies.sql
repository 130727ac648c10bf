-- In the stream of a run, which is its commit order whatever the clock does, no step starts before each step that it depends on was satisfied once.
-- Ids that a retry of the run has made twice are left out: the stream cannot tell them apart.
-- Rows and stream meet in one grouping, not in a join: its cost does not depend on how well the planner guesses their numbers.
with change as (
  select e.run_id, e.no * 4294967296 + c.key as at, c.value ->> '$.type' as noun, c.value -> '$.data' as data
    from event e, json_each(e.body) c
   where c.value ->> '$.type' in ('step')
), told as (
  select run_id, data ->> '$.id' as id, null as key, null as gate_key, null as allowed,
         case when data ->> '$.status' = 'running' then at end as began,
         case when data ->> '$.status' = 'completed' then at end as completed, case when data ->> '$.status' = 'failed' then at end as failed
    from change
  union all
  select s.run_id, s.id, s.key, s.gate_key, case when o.allow_failure then 1 else 0 end, null, null, null
    from step s left join step_option o on o.step_key = s.key
   where s.kind = 'step'
), seen as (
  select max(key) as key, run_id, id, max(gate_key) as gate_key, min(began) as began,
         coalesce(case when max(allowed) = 1 and min(failed) < coalesce(min(completed), 9223372036854775807) then min(failed) else min(completed) end,
                  9223372036854775807) as satisfied
    from told group by run_id, id having count(key) = 1
), waited as (
  select e.to_key, f.id, f.satisfied from step_edge e join seen f on f.key = e.from_key
  union all
  select e.to_key, g.id, g.satisfied
    from (select gate_key, max(id) as id, max(satisfied) as satisfied from seen where gate_key is not null group by gate_key) g
    join gate_edge e on e.gate_key = g.gate_key
)
select s.run_id as "runId", 'step' as noun, s.id, 'started after ' || w.id || ' was satisfied' as expected,
       'started in event ' || (s.began / 4294967296) || case when w.satisfied = 9223372036854775807 then ', which never was'
         else ', satisfied in event ' || (w.satisfied / 4294967296) end as found
  from waited w join seen s on s.key = w.to_key
 where s.began < w.satisfied
 limit :limit

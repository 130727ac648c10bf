-- The last state that a run's stream tells of each run, stage, step and call is the one in its row. Steps of which it tells nothing are pending.
-- Ids that a retry of the run has made twice are left out: the stream cannot tell them apart.
-- Rows and stream meet in one grouping, not in a join: its cost does not depend on how well the planner guesses their numbers.
with change as (
  select e.run_id, e.no * 4294967296 + c.place as at, c.value ->> 'type' as noun, c.value -> 'data' as data
    from event e
   cross join lateral json_array_elements(case when strpos(e.body, chr(92) || 'u') = 0 then e.body
                                               else regexp_replace(e.body, '[\\]u(0000|d[89a-f]..)', '?', 'gi') end::json)
              with ordinality as c(value, place)
   where c.value ->> 'type' in ('run', 'stage', 'step', 'flow')
), told as (
  select run_id, noun, coalesce(data ->> 'id', data ->> 'name', '') as id, at, data ->> 'status' as status
    from change where data ->> 'status' is not null
), last as (
  select run_id, noun, id, status, row_number() over (partition by run_id, noun, id order by at desc) as back from told
), sides as (
  select run_id, noun, id, status as told, null as here from last where back = 1
  union all
  select id, 'run', '', null, status from run where created_at >= 0
  union all
  select run_id, 'stage', name, null, status from stage where superseded = 0
  union all
  select run_id, kind, id, null, status from step
)
select run_id::text as "runId", noun, id, coalesce(max(told), 'pending') as expected, max(here) as found
  from sides group by run_id, noun, id having count(here) = 1 and max(here) <> coalesce(max(told), 'pending')
 limit :limit

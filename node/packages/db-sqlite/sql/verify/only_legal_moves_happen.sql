-- In the stream of a run each change of state is one of the table of legal moves (the parameter): nothing starts twice, nothing final comes back without a retry.
-- Steps are stored pending without a word in the stream. Ids that a retry of the run has made twice are left out: the stream cannot tell them apart.
with change as (
  select e.run_id, e.no * 4294967296 + c.key as at, c.value ->> '$.type' as noun, c.value -> '$.data' as data
    from event e, json_each(e.body) c
   where c.value ->> '$.type' in ('run', 'stage', 'step', 'flow')
), told as (
  select run_id, at, noun, coalesce(data ->> '$.id', data ->> '$.name', '') as id, data ->> '$.status' as status, data ->> '$.steps' as planned
    from change where data ->> '$.status' is not null
), moved as (
  select t.*, case when t.planned is not null then null else lag(t.status) over (partition by t.run_id, t.noun, t.id order by t.at) end as before from told t
), move as (
  select run_id, at, noun, id, coalesce(before, case when noun = 'step' then 'pending' else 'nothing' end) as before, status from moved
)
select m.run_id as "runId", m.noun, m.id, 'a legal move from ' || m.before as expected,
       m.before || ' → ' || m.status || ' in event ' || (m.at / 4294967296) as found
  from move m
 where m.noun || ' ' || m.before || ' ' || m.status not in (select value from json_each(:moves)) and not (m.noun = 'run' and m.before = m.status)
   and not (m.noun = 'step' and exists (select 1 from step s where s.run_id = m.run_id and s.id = m.id and s.superseded > 0))
   and not exists (select 1 from run r where r.id = m.run_id and r.created_at < 0)
 limit :limit

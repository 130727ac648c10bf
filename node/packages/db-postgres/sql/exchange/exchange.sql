-- One round trip: records plain successes, frees their dependents, numbers or claims what became ready, claims more, and writes the events.
-- What would end a stage, or lies in a stage with maxParallel, is left to the general verbs (`left`), which settle stages and runs.
-- Locks: candidates with skip locked, then the worker's row, then the runs in id order, each the mutex of everything below it; so rows read with
-- "for update" after `locked_runs` are the latest, although the statement's snapshot is older than the wait for the lock.
-- "= any(array(select …))" keeps the planner from joining over the whole table; the connection runs with sequential scans, hash and merge joins off.
with me as materialized (
  select key from worker where key = :workerKey::bigint and status = 'live' for update
), input as materialized (
  select * from unnest(:keys::bigint[], :attempts::int[], :stages::bigint[], :durations::bigint[], :cpu::int[], :rss::bigint[])
    as i(key, attempt, stage_key, duration_ms, cpu_ms, max_rss_bytes)
), waiting_steps as materialized (
  select s.key, s.run_id, s.priority, s.claim_no from step s
   where s.kind = 'step' and s.claim_no is not null and exists (select 1 from me)
     and not exists (select 1 from run r where r.id = s.run_id and r.control is not null)
   order by s.priority desc, s.claim_no
   limit :freeSteps::int + :aheadSteps::int
     for update of s skip locked
), waiting_calls as materialized (
  select s.key, s.run_id, s.priority, s.claim_no from step s
   where s.kind = 'flow' and s.claim_no is not null and exists (select 1 from me)
     and not exists (select 1 from run r where r.id = s.run_id and r.control is not null)
   order by s.priority desc, s.claim_no
   limit :freeCalls::int
     for update of s skip locked
), taken as materialized (
  select key, run_id, claim_no, row_number() over (order by priority desc, claim_no) as place,
         row_number() over (order by priority desc, claim_no) <= :freeSteps::int as starts
    from waiting_steps
  union all
  select key, run_id, claim_no, 0, true from waiting_calls
), locked_runs as materialized (
  select r.id, r.control, r.last_no, r.status from run r
   where r.id = any(array(select run_id from taken union select unnest(:runIds::uuid[])))
   order by r.id
     for update
), locked_stages as materialized (
  select t.key, t.open_steps, t.max_parallel, t.fail_fast and t.failed_steps > 0 as failing from stage t
   where t.key = any(array(select distinct stage_key from input)) and (select count(*) from locked_runs) >= 0
   order by t.key
     for update
), eligible as materialized (
  select i.*
    from (select input.*, row_number() over (partition by stage_key order by key) as place from input) i
    join locked_stages t on t.key = i.stage_key
   where i.place < t.open_steps and t.max_parallel is null
), done as (
  update step s
     set status = 'completed', worker_key = null, completed_at = now_ms(), started_at = coalesce(s.started_at, now_ms() - e.duration_ms),
         exit_code = 0, cpu_ms = e.cpu_ms, max_rss_bytes = e.max_rss_bytes
    from eligible e
   where s.key = e.key and s.status = 'running' and s.worker_key = :workerKey::bigint and s.attempt = e.attempt
  returning s.key, s.run_id, s.stage_key, s.gate_key, s.id, s.attempt
), gates as (
  update gate g set remaining = greatest(0, g.remaining - c.n)
    from (select gate_key, count(*)::int as n from done where gate_key is not null group by gate_key) c
   where g.key = c.gate_key
  returning g.key, g.remaining
), freed as (
  select to_key, count(*)::int as n
    from (select e.to_key from done d join step_edge e on e.from_key = d.key
          union all
          select e.to_key from gates g join gate_edge e on e.gate_key = g.key where g.remaining = 0) x
   group by to_key
), dependents as materialized (
  select s.key, s.run_id, s.priority, s.deps_remaining - f.n as left_over
    from step s join freed f on f.to_key = s.key
   where s.status = 'pending' and s.deps_remaining > 0
   order by s.key
     for update of s
), placed as materialized (
  -- One pass, no join of this list with itself: a gate may open for 100,000. What waits is claimed first, what became ready fills the rest.
  select d.key, d.run_id, d.priority, d.left_over, r.last_no, d.left_over <= 0 and r.control is null as ready,
         row_number() over (partition by d.left_over <= 0 and r.control is null order by d.priority desc, d.key) as place
    from dependents d join locked_runs r on r.id = d.run_id
), room as materialized (
  select :freeSteps::int + :aheadSteps::int - count(*) as slots, :freeSteps::int - count(*) as now from waiting_steps
), bases as materialized (
  select p.priority, coalesce((select min(s.claim_no) from step s where s.claim_no is not null and s.kind = 'step' and s.priority = p.priority),
                              (select max(claimed_no) from worker), 0) as waiting_no
    from (select distinct priority from placed where ready and place > (select slots from room)) p
), decided as materialized (
  select d.key, d.run_id, d.left_over, d.place,
         d.ready and d.place <= (select slots from room) as claimed,
         d.ready and d.place <= (select now from room) as starts,
         case when d.ready and d.place > (select slots from room)
              then greatest(b.waiting_no, d.last_no)
                   + row_number() over (partition by d.run_id, d.priority, d.ready and d.place > (select slots from room) order by d.key) end as no
    from placed d left join bases b on b.priority = d.priority
), advanced as (
  update step s
     set deps_remaining = greatest(0, d.left_over), claim_no = d.no,
         status = case when d.claimed then 'running' else s.status end,
         worker_key = case when d.claimed then :workerKey::bigint end,
         ran_by = case when d.claimed then :workerKey::bigint else s.ran_by end,
         attempt = case when d.claimed then s.attempt + 1 else s.attempt end,
         claimed_at = case when d.claimed then now_ms() end,
         started_at = case when d.starts then now_ms() end
    from decided d
   where s.key = d.key
  returning s.key, s.run_id, s.stage_key, s.kind, s.id, s.name, s.sequence, s.attempt, s.status, d.place
), claimed as (
  update step s
     set status = 'running', worker_key = :workerKey::bigint, ran_by = :workerKey::bigint, attempt = s.attempt + 1, claim_no = null,
         claimed_at = now_ms(), started_at = case when t.starts then now_ms() end
    from taken t
   where s.key = t.key and s.status = 'pending'
  returning s.key, s.run_id, s.stage_key, s.kind, s.id, s.name, s.sequence, s.attempt, t.place
), tasks as materialized (
  select key, run_id, stage_key, kind, id, name, sequence, attempt, 1 as batch, place from claimed
  union all
  select key, run_id, stage_key, kind, id, name, sequence, attempt, 2, place from advanced where status = 'running'
), stages as (
  update stage t
     set open_steps = t.open_steps - x.done, status = case when t.status = 'pending' then 'running' else t.status end,
         started_at = coalesce(t.started_at, now_ms())
    from (select stage_key, sum(n)::int as done
            from (select stage_key, 1 as n from done union all select stage_key, 0 from tasks where stage_key is not null) y
           group by stage_key) x
    join stage o on o.key = x.stage_key
   where t.key = x.stage_key and (x.done > 0 or o.status = 'pending')
  returning t.key, t.run_id, t.name, o.status = 'pending' as began
), changes as materialized (
  select run_id, 1 as rank, key, json_build_object('type', 'stage', 'data', json_build_object('name', name, 'status', 'running')) as change
    from stages where began
  union all
  select run_id, 2, key, json_build_object('type', 'step', 'data', json_build_object('id', id, 'status', 'completed', 'attempt', attempt, 'exitCode', 0)) from done
  union all
  select run_id, 3, key, json_build_object('type', kind, 'data', json_build_object('id', id, 'status', 'running', 'attempt', attempt)) from tasks
), touched as materialized (
  select run_id, sum(done)::int as done, sum(claims)::int as claims, max(no) as max_no
    from (select run_id, 1 as done, 0 as claims, 0::bigint as no from done
          union all select run_id, 0, 1, 0 from tasks
          union all select run_id, 0, 0, no from decided where no is not null) x
   group by run_id
), runs as (
  update run r
     set active = r.active - x.done + x.claims, last_no = greatest(r.last_no, x.max_no), event_no = r.event_no + 1,
         status = case when r.status = 'pending' and x.claims > 0 then 'running' else r.status end,
         started_at = case when x.claims > 0 then coalesce(r.started_at, now_ms()) else r.started_at end
    from touched x join locked_runs o on o.id = x.run_id
   where r.id = x.run_id
  returning r.id, r.event_no, o.status = 'pending' and r.status = 'running' as began
), events as (
  insert into event (run_id, no, at, body)
  select r.id, r.event_no, now_ms(),
         '[' || case when r.began then '{"type":"run","data":{"status":"running"}}' || case when c.body is null then '' else ',' end else '' end
             || coalesce(c.body, '') || ']'
    from runs r
    left join (select run_id, string_agg(change::text, ',' order by rank, key) as body from changes group by run_id) c on c.run_id = r.id
), outputs as (
  insert into step_output (step_key, attempt, stdout, stderr, stdout_bytes, stderr_bytes, stdout_truncated, stderr_truncated)
  select d.key, d.attempt, o.stdout, o.stderr, o."stdoutBytes", o."stderrBytes", o."stdoutTruncated", o."stderrTruncated"
    from json_to_recordset(:outputs::json) as o(key bigint, stdout text, stderr text, "stdoutBytes" bigint, "stderrBytes" bigint,
                                                "stdoutTruncated" boolean, "stderrTruncated" boolean)
    join done d on d.key = o.key
  on conflict (step_key, attempt) do nothing
), fields as (
  insert into step_field (step_key, name, value)
  select d.key, f.name, f.value
    from json_to_recordset(:fields::json) as f(key bigint, name text, value text) join done d on d.key = f.key
  on conflict (step_key, name) do update set value = excluded.value
), noted as (
  update worker set claimed_no = greatest(claimed_no, (select max(claim_no) from taken))
   where key = :workerKey::bigint and exists (select 1 from taken)
)
select (select coalesce(json_agg(json_build_object(
                 'key', k.key, 'attempt', k.attempt, 'kind', k.kind, 'runId', k.run_id, 'flowName', r.flow_name, 'id', k.id, 'name', k.name,
                 'stageName', coalesce(t.name, ''), 'stageKey', k.stage_key, 'sequence', k.sequence, 'env', coalesce(o.env, '{}'),
                 'timeoutMs', o.timeout_ms, 'completedStage', coalesce(c.completed_stage, ''), 'failedStage', coalesce(c.failed_stage, ''),
                 'control', l.control, 'stageStatus', t.status) order by k.batch, k.place), '[]')
          from tasks k
          join run r on r.id = k.run_id
          join locked_runs l on l.id = k.run_id
          left join stage t on t.key = k.stage_key
          left join step_option o on o.step_key = k.key
          left join flow_call c on c.step_key = k.key) as tasks,
       (select coalesce(json_agg(key), '[]') from input where key not in (select key from eligible)) as left,
       (select coalesce(json_agg(key), '[]') from eligible where key not in (select key from done)) as stale,
       (select coalesce(json_agg(json_build_object('runId', id, 'word', control)), '[]') from locked_runs where control is not null) as controls,
       (select coalesce(json_agg(key), '[]') from locked_stages where failing) as failing,
       (select coalesce(json_agg(id), '[]') from runs) as changed,
       (select count(*) from decided where no is not null) as numbered,
       (select count(*) from worker where status = 'live') as workers

-- What a failure callback asked for, and others too, stays when the run is retried, and so does what its steps asked for.
with recursive kept (key) as (
  select cast(:stageKey as bigint)
  union
  select t.key from kept join stage t on t.run_id = :runId::uuid and t.superseded = 0 join step s on s.key = t.scheduled_by and s.stage_key = kept.key)
update stage set after_failure = false where key in (select key from kept) and after_failure

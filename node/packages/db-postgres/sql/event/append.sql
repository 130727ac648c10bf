-- The update locks the run, so a reader that has seen number n has seen every smaller one.
with numbered as (
  update run set event_no = event_no + 1 where id = :runId::uuid returning id, event_no
)
insert into event (run_id, no, at, body)
select id, event_no, now_ms(), :body from numbered

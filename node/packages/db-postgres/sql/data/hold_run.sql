-- Shared: many may write artifacts of a run at once, but no outcome is recorded and nothing is deleted meanwhile.
select id, status from run where id = :runId::uuid for share

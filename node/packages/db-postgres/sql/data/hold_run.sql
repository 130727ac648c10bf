-- Shared: many may write artifacts of a run at once, but no outcome is recorded and nothing is deleted meanwhile.
select r.id, r.status from run r join run_detail d on d.run_id = r.id where r.id = :runId::uuid for share of r

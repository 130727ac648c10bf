-- Takes run_detail, stage, gate, artifact and run_log with it.
delete from run where id = :runId and status in ('completed', 'failed', 'aborted') and active = 0

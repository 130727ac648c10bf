-- Takes run_detail, run_metadata, stage, gate, artifact and run_log with it.
delete from run where id = any(:runIds::uuid[])

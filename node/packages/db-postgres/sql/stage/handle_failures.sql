-- A completed stage with recover: every failure so far counts as handled, and what the callbacks scheduled is the flow's own way from here on.
update stage set handled = (handled or status = 'failed'), after_failure = false where run_id = :runId::uuid and superseded = 0

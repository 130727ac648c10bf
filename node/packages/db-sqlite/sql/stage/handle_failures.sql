-- A completed stage with recover: every failure so far counts as handled, and what the callbacks scheduled is the flow's own way from here on.
update stage set handled = (handled or status = 'failed'), after_failure = 0 where run_id = :runId and superseded = 0

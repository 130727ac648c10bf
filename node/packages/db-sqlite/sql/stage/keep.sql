-- What a failure callback asked for, and others too, stays when the run is retried.
update stage set after_failure = 0 where key = :stageKey and after_failure

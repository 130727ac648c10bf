-- What a failure callback asked for, and others too, stays when the run is retried.
update stage set after_failure = false where key = :stageKey and after_failure

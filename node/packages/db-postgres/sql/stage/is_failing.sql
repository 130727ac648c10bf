select (fail_fast and failed_steps > 0) as failing from stage where key = :stageKey

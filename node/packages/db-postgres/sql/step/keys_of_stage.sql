select key from step where stage_key = :stageKey order by key

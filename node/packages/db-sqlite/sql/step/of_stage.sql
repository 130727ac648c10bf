select id, name, status from step where stage_key = :stageKey order by key

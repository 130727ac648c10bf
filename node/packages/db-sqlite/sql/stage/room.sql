select max(0, max_parallel - occupied) as room from stage where key = :stageKey

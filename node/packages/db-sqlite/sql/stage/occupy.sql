update stage set occupied = occupied + :delta where key = :stageKey

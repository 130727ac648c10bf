select to_key as "toKey" from step_edge where from_key = :fromKey

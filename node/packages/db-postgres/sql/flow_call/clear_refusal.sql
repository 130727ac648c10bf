update flow_call set refusal = null where step_key = :stepKey

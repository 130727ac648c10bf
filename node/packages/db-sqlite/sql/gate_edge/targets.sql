select to_key as "toKey" from gate_edge where gate_key = :gateKey

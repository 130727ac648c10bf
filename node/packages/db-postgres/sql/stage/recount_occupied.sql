update stage set occupied = (select count(*) from step s where s.stage_key = stage.key and (s.status = 'running' or s.claim_no is not null))
 where key = :stageKey

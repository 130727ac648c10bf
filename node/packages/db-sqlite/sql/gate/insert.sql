insert into gate (stage_key, total, remaining) select :stageKey, value ->> '$.total', value ->> '$.total' from json_each(:rows) where true
returning key

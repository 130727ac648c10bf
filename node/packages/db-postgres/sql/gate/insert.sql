insert into gate (stage_key, total, remaining) select :stageKey, r.total, r.total from json_to_recordset(:rows::json) as r(total int)
returning key

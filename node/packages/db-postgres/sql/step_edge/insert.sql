insert into step_edge (from_key, to_key) select r.f, r.t from json_to_recordset(:rows::json) as r(f bigint, t bigint)

insert into gate_edge (gate_key, to_key) select r.f, r.t from json_to_recordset(:rows::json) as r(f bigint, t bigint)

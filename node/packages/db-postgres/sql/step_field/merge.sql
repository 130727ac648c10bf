insert into step_field (step_key, name, value)
select r.key, r.name, r.value from json_to_recordset(:rows::json) as r(key bigint, name text, value text)
on conflict (step_key, name) do update set value = excluded.value

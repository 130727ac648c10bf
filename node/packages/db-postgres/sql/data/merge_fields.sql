insert into step_field (step_key, name, value)
select :stepKey::bigint, f.name, f.value
from json_to_recordset(:rows::json) as f (name text, value text)
on conflict (step_key, name) do update set value = excluded.value

insert into step_field (step_key, name, value)
select :stepKey, json_extract(f.value, '$.name'), json_extract(f.value, '$.value')
from json_each(:rows) f
where true
on conflict (step_key, name) do update set value = excluded.value

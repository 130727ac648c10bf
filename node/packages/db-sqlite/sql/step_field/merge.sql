insert into step_field (step_key, name, value)
select value ->> '$.key', value ->> '$.name', value ->> '$.value' from json_each(:rows) where true
on conflict (step_key, name) do update set value = excluded.value

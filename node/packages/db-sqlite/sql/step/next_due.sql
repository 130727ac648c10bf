-- min(a, b) of SQLite is null if one is: hence a column.
select (select min(at) from (select min(due_at) as at from step where due_at is not null
                             union all select min(deadline_at) from run where deadline_at is not null)) - now_ms() as "inMs"

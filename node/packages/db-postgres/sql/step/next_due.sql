select least((select min(due_at) from step where due_at is not null), (select min(deadline_at) from run where deadline_at is not null)) - now_ms() as "inMs"

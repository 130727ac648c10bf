-- Ms until the next retry or deadline, and whether an end is unfinished or something is owned by nobody: as a rule all that the timers have to ask.
-- min(a, b) of SQLite is null if one is: hence a column.
select (select min(at) from (select min(due_at) as at from step where due_at is not null
                             union all select min(deadline_at) from run where deadline_at is not null)) - now_ms() as "inMs",
       exists (select 1 from run where control in ('abort', 'fail'))
         or exists (select 1 from step s join worker w on w.key = s.worker_key where w.status in ('lost', 'retired')) as "unfinished"

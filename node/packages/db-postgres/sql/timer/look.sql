-- Ms until the next retry or deadline, and whether an end is unfinished or something is owned by nobody: as a rule all that the timers have to ask.
select least((select min(due_at) from step where due_at is not null), (select min(deadline_at) from run where deadline_at is not null)) - now_ms() as "inMs",
       exists (select 1 from run where control in ('abort', 'fail'))
         or exists (select 1 from step s join worker w on w.key = s.worker_key where w.status in ('lost', 'retired')) as "unfinished"

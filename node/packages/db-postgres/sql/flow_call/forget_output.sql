-- What failure callbacks set as the run's output, and what it was before them, is forgotten.
delete from step_field
 where name in ('output', 'before') and step_key in (select key from step where run_id = :runId::uuid and kind = 'flow')

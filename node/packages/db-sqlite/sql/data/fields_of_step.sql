select name, value from step_field where step_key = :stepKey order by no

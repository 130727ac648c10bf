-- A failure that was handled is open again when a step of its stage is to run again: the stage must come to an end of its own.
update stage set handled = 0 where handled and key in (select stage_key from step where key in (select value from json_each(:keys)))

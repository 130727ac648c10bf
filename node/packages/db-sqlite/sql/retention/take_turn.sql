-- Whoever finds the turn over, or has it, has it for :ms more. Value: until when, by the database's clock, and who.
insert into setting (name, value) values ('retention_turn', (now_ms() + :ms) || ' ' || :holder)
on conflict (name) do update set value = excluded.value
 where cast(value as integer) < now_ms() or substr(value, instr(value, ' ') + 1) = :holder

-- Whoever finds the turn over, or has it, has it for :ms more. Value: until when, by the database's clock, and who.
insert into setting as s (name, value) values ('retention_turn', (now_ms() + :ms::bigint)::text || ' ' || :holder::text)
on conflict (name) do update set value = excluded.value
 where split_part(s.value, ' ', 1)::bigint < now_ms() or split_part(s.value, ' ', 2) = :holder::text

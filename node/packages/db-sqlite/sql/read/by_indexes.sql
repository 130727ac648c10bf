-- Here the indexes are taken anyway.
select 1

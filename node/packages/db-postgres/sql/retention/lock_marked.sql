-- Who has it goes on with it: this waits for nobody.
select id from run where id = :runId::uuid and created_at < 0 for update skip locked

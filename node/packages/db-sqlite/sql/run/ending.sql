select id as "runId" from run where control in ('abort', 'fail') order by id limit :limit

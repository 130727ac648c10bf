-- "+:kind" as in claim.candidates. The smallest number that waits; none waiting: the highest ever claimed, which never decreases. The partial index answers from its first entry.
select coalesce((select min(claim_no) from step where claim_no is not null and kind = +:kind and priority = :priority),
                (select max(claimed_no) from worker), 0) as base

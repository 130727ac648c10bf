-- Steps or calls that wait for a slot, for an estimate: counted as far as estimates go.
select 1 from step s where s.kind = :kind and s.claim_no is not null

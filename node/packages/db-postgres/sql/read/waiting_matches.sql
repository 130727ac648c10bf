-- Steps or calls that wait for a slot, for an estimate: never run, the planner is asked how many it expects.
select 1 from step s where s.kind = :kind and s.claim_no is not null

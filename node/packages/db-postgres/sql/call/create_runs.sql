-- The function is in function/create_runs.sql; a connection makes it before its first call.
select pg_temp.create_runs(:runIds::uuid[], :flowNames::text[], :priorities::int[], :inputs::text[], :metadata::text[], :metadataRows::text[], :names::text[],
                           :descriptions::text[], :flowTitles::text[], :timeoutsMs::bigint[], :parentRunIds::uuid[], :words::text[]) as "createdAt"

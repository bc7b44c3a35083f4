-- The tables stay as they are. The functions of prelude.sql are stored when a step
-- is applied, and the reports use new ones: es_any, es_p50_p95, es_numbers, es_places.
SELECT 1;

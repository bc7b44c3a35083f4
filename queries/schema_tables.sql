-- question: Is this database empty, ours, or somebody else's?
-- parameters: none
-- columns: tables (count), ours (count)
-- order: one row
SELECT count(*) AS tables, count(*) FILTER (WHERE table_name = 'schema_version') AS ours
FROM information_schema.tables
WHERE table_catalog = current_database() AND table_schema = 'main';

-- question: Which tables does the database hold?
-- parameters: none
-- columns: name
-- order: name
SELECT table_name AS name
FROM duckdb_tables()
WHERE database_name = current_database() AND schema_name = 'main' AND NOT temporary
ORDER BY name;

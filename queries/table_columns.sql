-- question: Which tables and views can be asked, and with which columns?
-- parameters: none
-- columns: name, is_view, column_name, column_type, position from 1
-- order: name, position
SELECT table_name AS name,
       table_name IN (SELECT view_name FROM duckdb_views() WHERE database_name = current_database() AND NOT internal) AS is_view,
       column_name, data_type AS column_type, column_index::BIGINT AS position
FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal
ORDER BY name, position;

-- question: Of what is the schema made?
-- parameters: none
-- columns: kind: table, column, view or function; name; detail: its type or its text
-- order: kind, name, detail
SELECT 'table' AS kind, table_name AS name, 'a table' AS detail
FROM duckdb_tables()
WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal AND NOT temporary
UNION ALL
SELECT 'column', table_name || '.' || column_name, data_type
FROM duckdb_columns()
WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal
UNION ALL
SELECT 'view', view_name, "sql"
FROM duckdb_views()
WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal
UNION ALL
SELECT 'function', function_name, array_to_string(parameters, ', ') || ': ' || coalesce(macro_definition, '')
FROM duckdb_functions()
WHERE database_name = current_database() AND schema_name = 'main' AND NOT internal AND function_type IN ('macro', 'table_macro')
ORDER BY kind, name, detail;

-- question: Which DuckDB is this, and how old may one be that reads the file?
-- parameters: none
-- columns: engine: its version; storage: the oldest version
-- order: one row
SELECT version() AS engine, coalesce((SELECT tags['storage_version'] FROM duckdb_databases() WHERE database_name = current_database()), '') AS storage;

-- question: (a step of migrating) Make the list of migrations.
-- parameters: none
-- columns: none
-- order: none
CREATE TABLE IF NOT EXISTS schema_version (version INTEGER, name VARCHAR, applied_at TIMESTAMP);

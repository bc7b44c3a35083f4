-- question: Which migrations does the database hold?
-- parameters: none
-- columns: version (0 where it is empty)
-- order: one row
SELECT coalesce(max(version), 0) AS version FROM schema_version;

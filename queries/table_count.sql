-- question: How many rows has a table?
-- parameters: table
-- columns: rows (count)
-- order: one row
SELECT count(*) AS rows FROM query_table($table);

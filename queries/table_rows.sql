-- question: How many rows has a table? Every value of it is read.
-- parameters: table
-- columns: rows (count); digest: over all values, in whatever order
-- order: one row
SELECT count(*) AS rows, coalesce(bit_xor(hash(t)), 0) AS digest FROM query_table($table) AS t;

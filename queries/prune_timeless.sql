-- question: How many rows have no time, so that their age is not known?
-- parameters: none
-- columns: rows (count)
-- order: one row
SELECT (SELECT count(*) FROM requests_brief WHERE ts IS NULL) + (SELECT count(*) FROM requests_full WHERE ts IS NULL) AS rows;

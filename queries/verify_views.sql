-- question: Do the views show what the tables hold?
-- parameters: none
-- columns: place: the view; want, have
-- order: place, want, have
WITH tables AS (
    SELECT (SELECT count(*) FROM requests_brief) + (SELECT count(*) FROM requests_full) AS exchanges,
           (SELECT count(*) FROM requests_full WHERE category IS NOT NULL AND NOT benign AND direction IN ('outbound', 'callback')) AS failing
)
SELECT 'requests' AS place, exchanges || ' rows' AS want, (SELECT count(*) FROM requests) || ' rows' AS have
FROM tables
WHERE exchanges <> (SELECT count(*) FROM requests)
UNION ALL
SELECT 'failures', failing || ' rows', (SELECT count(*) FROM failures) || ' rows'
FROM tables
WHERE failing <> (SELECT count(*) FROM failures)
ORDER BY place, want, have;

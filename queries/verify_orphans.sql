-- question: What belongs to nothing?
-- parameters: none
-- columns: place: the table; want, have
-- order: place, want, have
WITH placed AS (
    SELECT 'requests_brief' AS place, source_id FROM requests_brief
    UNION ALL
    SELECT 'requests_full', source_id FROM requests_full
    UNION ALL
    SELECT 'fused', source_id FROM fused
    UNION ALL
    SELECT 'left_apart', source_id FROM left_apart
    UNION ALL
    SELECT 'rejects', source_id FROM rejects
    UNION ALL
    SELECT 'line_prints', source_id FROM line_prints
    UNION ALL
    SELECT 'doubled_lines', source_id FROM doubled_lines
)
SELECT place, 'a source for every row' AS want, count(*) || ' rows of source ' || coalesce(source_id::VARCHAR, 'NULL') || ', which is not in the ledger' AS have
FROM placed p
WHERE NOT EXISTS (SELECT 1 FROM sources s WHERE s.source_id = p.source_id)
GROUP BY place, source_id
UNION ALL
SELECT 'requests_brief', 'an endpoint for every row', count(*) || ' rows of endpoint ' || coalesce(endpoint_id::VARCHAR, 'NULL') || ', which is not there'
FROM (SELECT endpoint_id FROM requests_brief UNION ALL SELECT endpoint_id FROM fused_brief) b
WHERE NOT EXISTS (SELECT 1 FROM endpoints e WHERE e.endpoint_id = b.endpoint_id)
GROUP BY endpoint_id
UNION ALL
SELECT 'endpoints', 'one endpoint ' || coalesce(endpoint_id::VARCHAR, 'NULL'), count(*) || ' of this number'
FROM endpoints
GROUP BY endpoint_id
HAVING count(*) > 1 OR endpoint_id IS NULL
ORDER BY place, want, have;

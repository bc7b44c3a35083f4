-- question: (a step of recovery) Which sources have not the rows that the ledger says?
-- parameters: none
-- columns: source_id
-- order: source_id
SELECT s.source_id
FROM sources s
LEFT JOIN (
    SELECT source_id, count(*) AS stored
    FROM (SELECT source_id FROM requests_brief UNION ALL SELECT source_id FROM requests_full)
    GROUP BY source_id
) r ON r.source_id = s.source_id
WHERE s.records - s.pruned <> coalesce(r.stored, 0)
ORDER BY s.source_id;

-- question: (a step of the quota ledger) Which hours have rows that were not counted yet?
-- parameters: source_id, source_offset
-- columns: none
-- order: none
CREATE OR REPLACE TEMP TABLE quota_dirty AS
SELECT DISTINCT date_trunc('hour', ts) AS hour
FROM (
    SELECT b.ts
    FROM requests_brief b JOIN temp.quota_pending p ON p.source_id = b.source_id
    WHERE b.source_id >= $source_id AND b.source_offset >= $source_offset
      AND b.source_offset >= p.from_offset AND b.source_offset < p.to_offset
    UNION ALL
    SELECT f.ts
    FROM requests_full f JOIN temp.quota_pending p ON p.source_id = f.source_id
    WHERE f.source_id >= $source_id AND f.source_offset >= $source_offset
      AND f.source_offset >= p.from_offset AND f.source_offset < p.to_offset
)
-- Hours of which rows were pruned cannot be counted again.
WHERE ts >= coalesce((SELECT date_trunc('hour', max(cutoff)) + INTERVAL 1 HOUR FROM retention), TIMESTAMP '0001-01-01');

-- question: (a step of the quota ledger) Count all hours anew.
-- parameters: none
-- columns: none
-- order: none
-- Hours of which rows were pruned cannot be counted again.
DELETE FROM quota_hours WHERE hour >= coalesce((SELECT date_trunc('hour', max(cutoff)) + INTERVAL 1 HOUR FROM retention), TIMESTAMP '0001-01-01');
CREATE OR REPLACE TEMP TABLE quota_dirty AS
SELECT make_timestamp(hour_number * 3600000000) AS hour
FROM (
    SELECT epoch_us(ts) // 3600000000 AS hour_number FROM requests_brief
    UNION
    SELECT epoch_us(ts) // 3600000000 FROM requests_full
)
WHERE hour >= coalesce((SELECT date_trunc('hour', max(cutoff)) + INTERVAL 1 HOUR FROM retention), TIMESTAMP '0001-01-01');

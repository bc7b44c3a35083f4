-- question: (a step of the quota ledger) Count all hours anew.
-- parameters: none
-- columns: none
-- order: none
-- Hours of which rows were pruned cannot be counted again.
DELETE FROM quota_hours WHERE hour >= coalesce((SELECT date_trunc('hour', max(cutoff)) + INTERVAL 1 HOUR FROM retention), TIMESTAMP '0001-01-01');
CREATE OR REPLACE TEMP TABLE quota_dirty AS
SELECT DISTINCT date_trunc('hour', ts) AS hour
FROM (SELECT ts FROM requests_brief UNION ALL SELECT ts FROM requests_full)
WHERE ts >= coalesce((SELECT date_trunc('hour', max(cutoff)) + INTERVAL 1 HOUR FROM retention), TIMESTAMP '0001-01-01');

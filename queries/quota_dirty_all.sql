-- question: (a step of the quota ledger) Count all hours anew.
-- parameters: none
-- columns: none
-- order: none
DELETE FROM quota_hours;
CREATE OR REPLACE TEMP TABLE quota_dirty AS
SELECT DISTINCT date_trunc('hour', ts) AS hour
FROM (SELECT ts FROM requests_brief UNION ALL SELECT ts FROM requests_full)
WHERE ts IS NOT NULL;

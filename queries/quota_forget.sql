-- question: (a step of the quota ledger) Take away what is computed anew.
-- parameters: since
-- columns: none
-- order: none
-- Capacities have no period, and are always computed as a whole.
DELETE FROM quota_history
WHERE period_start >= $since
   OR (vendor, coalesce(host, ''), coalesce(account, ''), coalesce(name, ''), period_start) IN (
        SELECT (vendor, coalesce(host, ''), coalesce(account, ''), coalesce(name, ''), period_start) FROM quota_status WHERE period_end IS NULL);
DELETE FROM quota_status WHERE period_start >= $since OR period_end IS NULL;

-- question: (a step of the quota ledger) Take away what is computed anew.
-- parameters: since
-- columns: none
-- order: none
DELETE FROM quota_status WHERE period_start >= $since;
DELETE FROM quota_history WHERE period_start >= $since;

-- question: (a step of the quota ledger) By which rules were the hours counted?
-- parameters: none
-- columns: fingerprint
-- order: one row or none
SELECT fingerprint FROM quota_rules ORDER BY fingerprint;

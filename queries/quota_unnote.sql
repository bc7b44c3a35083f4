-- question: (a step of the quota ledger) Forget by which rules the hours were counted.
-- parameters: none
-- columns: none
-- order: none
DELETE FROM quota_rules;

-- question: (a step of the quota ledger) Note by which rules the hours were counted.
-- parameters: fingerprint
-- columns: none
-- order: none
INSERT INTO quota_rules (fingerprint) VALUES ($fingerprint);

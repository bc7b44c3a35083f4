-- question: (a step of the quota ledger) Forget what was worked out on the way.
-- parameters: none
-- columns: none
-- order: none
DROP TABLE IF EXISTS temp.quota_telling;
DROP TABLE IF EXISTS temp.quota_plain;
DROP TABLE IF EXISTS temp.quota_marks;
DROP TABLE IF EXISTS temp.quota_cuts;
DROP TABLE IF EXISTS temp.quota_keys;
DROP TABLE IF EXISTS temp.quota_resets;
DROP TABLE IF EXISTS temp.quota_dirty;
DROP TABLE IF EXISTS temp.quota_places;
DROP TABLE IF EXISTS temp.quota_pending;

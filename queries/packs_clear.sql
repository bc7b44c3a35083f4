-- question: (a step of naming the packs) Forget the packs of the run before.
-- parameters: none
-- columns: none
-- order: none
DELETE FROM rules;
DELETE FROM vendors;

-- question: Which baseline is not needed any more?
-- parameters: name
-- columns: none
-- order: none
DELETE FROM baselines WHERE name = $name;
